package dev.pipewright.protocol.run;

/** How many tests a report holds, by result; failures and errors are counted apart. */
public record TestCounts(int passed, int failed, int errored, int skipped, double seconds) {
  /** No tests. */
  public static final TestCounts NONE = new TestCounts(0, 0, 0, 0, 0);

  /** All tests. */
  public int total() {
    return passed + failed + errored + skipped;
  }

  /** Both together. */
  public TestCounts plus(TestCounts other) {
    return new TestCounts(
        passed + other.passed,
        failed + other.failed,
        errored + other.errored,
        skipped + other.skipped,
        seconds + other.seconds);
  }
}
