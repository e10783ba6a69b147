package dev.pipewright.protocol.api;

/** What is done with a delivery, decided at receipt from headers and body alone. */
public enum Verdict {
  /** Its changes may start runs. */
  BUILD,
  /** It comes from a fork: nothing runs before a maintainer approved the commit. */
  BUILD_UNTRUSTED,
  /** Its message asks for no run. */
  SKIPPED,
  /** Not of interest: another event, a deleted ref. */
  IGNORED,
  /** The forge tests the hook. */
  PING,
  /** Not believed or not readable. */
  REJECTED
}
