package dev.pipewright.protocol.api;

/** What is done with a delivery, decided at receipt from headers and body alone. */
public enum Verdict {
  /** Its changes may start runs. */
  BUILD,
  /** Anybody may have made it: its runs wait for a maintainer, or run without anything shared. */
  BUILD_UNTRUSTED,
  /** Its message asks for no run. */
  SKIPPED,
  /** Not of interest: another event, a deleted ref. */
  IGNORED,
  /** The forge tests the hook. */
  PING,
  /** Not believed or not readable. */
  REJECTED;

  /** True if something is to be planned for its changes. */
  public boolean isPlanned() {
    return this == BUILD || this == BUILD_UNTRUSTED;
  }
}
