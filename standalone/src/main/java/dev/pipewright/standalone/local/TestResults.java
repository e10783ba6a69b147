package dev.pipewright.standalone.local;

import dev.pipewright.standalone.client.Texts;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints a line for each test, and why it did not pass. Calls come one at a time. */
final class TestResults implements TestExecutionListener {
  private static final int FRAMES = 12;

  private final PrintWriter out;
  private final Map<String, Long> begun = new HashMap<>();
  private @Nullable TestPlan plan;
  private int passed;
  private int failed;
  private int skipped;

  TestResults(PrintWriter out) {
    this.out = out;
  }

  /** How many tests were found, whatever became of them. */
  int total() {
    return passed + failed + skipped;
  }

  /** How many did not pass, setting up included. */
  int failed() {
    return failed;
  }

  /** All counts in words. */
  String summary() {
    return "%s: %d passed, %d failed, %d skipped"
        .formatted(total() == 1 ? "1 test" : total() + " tests", passed, failed, skipped);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    begun.put(test.getUniqueId(), System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skipped++;
    out.println("skipped  " + name(test) + "  " + Texts.line(reason, 200));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          passed++;
          out.println("passed   " + name(test) + "  " + millis(test) + " ms");
        }
      }
      case ABORTED -> {
        skipped++;
        out.println("skipped  " + name(test) + "  " + why(result));
      }
      case FAILED -> {
        failed++;
        out.println("FAILED   " + name(test) + "  " + millis(test) + " ms");
        result.getThrowable().ifPresent(this::explain);
      }
    }
    out.flush();
  }

  private static String why(TestExecutionResult result) {
    return result.getThrowable().map(each -> Texts.line(each.getMessage(), 200)).orElse("");
  }

  private long millis(TestIdentifier test) {
    Long start = begun.get(test.getUniqueId());
    return start == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private void explain(Throwable thrown) {
    Texts.lines(String.valueOf(thrown.getMessage()), 500).forEach(line -> out.println("  " + line));
    int shown = 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      boolean theirs =
          !frame.getClassName().startsWith("org.junit.")
              && !frame.getClassName().startsWith("java.")
              && !frame.getClassName().startsWith("jdk.")
              && !frame.getClassName().startsWith("dev.pipewright.");
      if (theirs && shown++ < FRAMES) {
        out.println("    at " + frame);
      }
    }
  }

  private String name(TestIdentifier test) {
    TestPlan known = plan;
    String around =
        known == null || !test.isTest()
            ? ""
            : known.getParent(test).map(parent -> parent.getDisplayName() + " ").orElse("");
    return Texts.line(around + test.getDisplayName(), 300);
  }
}
