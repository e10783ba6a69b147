package dev.pipewright.protocol.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tests of one step, failed ones first. Names and texts are untrusted.
 *
 * @param counts all tests that were found, also those left out of {@code cases}
 * @param cases the tests; as many as a report may hold
 * @param omitted how many were left out
 */
public record TestReport(TestCounts counts, List<Case> cases, int omitted) {
  public TestReport {
    cases = List.copyOf(cases);
  }

  /** How a test ended. */
  public enum Result {
    FAILED,
    ERRORED,
    PASSED,
    SKIPPED
  }

  /**
   * One test.
   *
   * @param suite the class or suite it belongs to
   * @param name its name in the suite; both together identify it over runs
   * @param message why it did not pass, in a line; may be null
   * @param detail stack trace or output, shortened; may be null
   */
  public record Case(
      String suite,
      String name,
      Result result,
      double seconds,
      @Nullable String message,
      @Nullable String detail) {}
}
