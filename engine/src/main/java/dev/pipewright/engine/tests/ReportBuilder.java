package dev.pipewright.engine.tests;

import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers tests into one report: counts all, keeps the failed ones first, and never holds more than
 * a report may. Confined to one step.
 */
final class ReportBuilder {
  /** How many tests a report holds. */
  static final int CASES = 10_000;

  /** How many characters all stack traces of a report have. */
  private static final long DETAILS = 4_000_000;

  private final UnaryOperator<String> mask;
  private final List<TestReport.Case> broken = new ArrayList<>();
  private final List<TestReport.Case> passed = new ArrayList<>();
  private final List<TestReport.Case> skipped = new ArrayList<>();
  private int failures;
  private int errors;
  private int passes;
  private int skips;
  private double seconds;
  private long details;

  /** A report whose texts go through {@code mask}. */
  ReportBuilder(UnaryOperator<String> mask) {
    this.mask = mask;
  }

  void add(TestReport.Case test) {
    seconds += test.seconds();
    List<TestReport.Case> kind =
        switch (test.result()) {
          case FAILED -> {
            failures++;
            yield broken;
          }
          case ERRORED -> {
            errors++;
            yield broken;
          }
          case PASSED -> {
            passes++;
            yield passed;
          }
          case SKIPPED -> {
            skips++;
            yield skipped;
          }
        };
    if (kind.size() < CASES) {
      kind.add(shortened(test));
    }
  }

  private TestReport.Case shortened(TestReport.Case test) {
    boolean passes = test.result() == TestReport.Result.PASSED;
    String detail = passes || details > DETAILS ? null : CutText.detail(masked(test.detail()));
    String message = passes ? null : CutText.message(masked(test.message()));
    if (message == null && detail != null) {
      message = CutText.message(detail);
    }
    details += detail == null ? 0 : detail.length();
    return new TestReport.Case(
        CutText.name(mask.apply(test.suite())),
        CutText.name(mask.apply(test.name())),
        test.result(),
        test.seconds(),
        message,
        detail);
  }

  private @Nullable String masked(@Nullable String text) {
    return text == null ? null : mask.apply(text);
  }

  /** The report of everything that was added. */
  TestReport report() {
    List<TestReport.Case> cases = new ArrayList<>(broken);
    for (List<TestReport.Case> others : List.of(passed, skipped)) {
      cases.addAll(others.subList(0, Math.min(others.size(), CASES - cases.size())));
    }
    TestCounts counts = new TestCounts(passes, failures, errors, skips, seconds);
    return new TestReport(counts, cases, counts.total() - cases.size());
  }
}
