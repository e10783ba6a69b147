package dev.pipewright.standalone.server;

/** What runs units. */
enum LauncherKind {
  /** Docker if a daemon answers, else processes. */
  auto,
  /** A container for each run. */
  docker,
  /** A child process for each run; it isolates nothing. */
  process
}
