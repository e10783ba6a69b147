package dev.pipewright.test.gate;

import org.jspecify.annotations.Nullable;

/**
 * How one test ended.
 *
 * @param className the binary name of its class
 * @param millis how long it took
 * @param message why it did not pass; empty if it passed
 * @param thrown what it failed with; null unless it failed
 */
record TestCase(
    String className,
    String name,
    long millis,
    Result result,
    String message,
    @Nullable Throwable thrown) {

  /** The ways a test can end. */
  enum Result {
    PASSED,
    FAILED,
    SKIPPED
  }
}
