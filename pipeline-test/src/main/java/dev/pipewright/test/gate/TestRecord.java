package dev.pipewright.test.gate;

import dev.pipewright.test.gate.TestCase.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Notes how each test ended and says it in a line. JUnit calls it one at a time. */
public final class TestRecord implements TestExecutionListener {
  private static final int FRAMES = 12;

  private final Consumer<String> out;
  private final Map<String, Long> begun = new HashMap<>();
  private final List<TestCase> cases = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private @Nullable TestPlan plan;

  /**
   * A record of nothing yet.
   *
   * @param out gets a line for each test that ended, and after it why it did not pass
   */
  public TestRecord(Consumer<String> out) {
    this.out = out;
  }

  /** Every test that was found, in the order of their ends. */
  List<TestCase> cases() {
    return cases;
  }

  /** Why tests failed: file and line, name, message. */
  List<String> failures() {
    return failures;
  }

  /** {@return all counts in words} */
  public String summary() {
    return "%s: %d passed, %d failed, %d skipped"
        .formatted(
            cases.size() == 1 ? "1 test" : cases.size() + " tests",
            count(Result.PASSED),
            count(Result.FAILED),
            count(Result.SKIPPED));
  }

  /** {@return how many tests were found, whatever became of them} */
  public int total() {
    return cases.size();
  }

  /** {@return how many did not pass, setting up included} */
  public int failed() {
    return failures.size();
  }

  private long count(Result result) {
    return cases.stream().filter(each -> each.result() == result).count();
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
    note(test, Result.SKIPPED, reason, null);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    @Nullable Throwable thrown = result.getThrowable().orElse(null);
    String message = thrown == null ? "" : message(thrown);
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          note(test, Result.PASSED, "", null);
        }
      }
      case ABORTED -> note(test, Result.SKIPPED, message, null);
      case FAILED -> note(test, Result.FAILED, message, thrown);
    }
  }

  private static String message(Throwable thrown) {
    boolean asserted = thrown instanceof AssertionError && thrown.getMessage() != null;
    return (asserted ? String.valueOf(thrown.getMessage()) : thrown.toString()).strip();
  }

  private void note(
      TestIdentifier test, Result result, String message, @Nullable Throwable thrown) {
    String className = className(test);
    TestCase noted = new TestCase(className, name(test), millis(test), result, message, thrown);
    cases.add(noted);
    String word =
        result == Result.PASSED ? "passed " : result == Result.FAILED ? "FAILED " : "skipped";
    String simple = className.substring(className.lastIndexOf('.') + 1);
    out.accept("%s  %s %s  %d ms".formatted(word, simple, noted.name(), noted.millis()));
    message.lines().forEach(line -> out.accept("  " + line));
    if (thrown != null) {
      theirs(thrown).limit(FRAMES).forEach(frame -> out.accept("    at " + frame));
      failures.add(place(thrown, className) + noted.name() + ": " + message);
    }
  }

  private long millis(TestIdentifier test) {
    Long start = begun.get(test.getUniqueId());
    return start == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static String className(TestIdentifier test) {
    Optional<TestSource> source = test.getSource();
    return switch (source.orElse(null)) {
      case MethodSource method -> method.getClassName();
      case ClassSource type -> type.getClassName();
      case null, default -> test.getDisplayName();
    };
  }

  /** The name of a test, with that of its template where it is one of many. */
  private String name(TestIdentifier test) {
    String own = test.getDisplayName().replaceFirst("\\(.*\\)$", "");
    @Nullable TestPlan known = plan;
    Optional<TestIdentifier> parent = known == null ? Optional.empty() : known.getParent(test);
    boolean isOneOfMany =
        parent
            .flatMap(TestIdentifier::getSource)
            .filter(MethodSource.class::isInstance)
            .isPresent();
    return isOneOfMany
        ? parent.map(each -> each.getDisplayName().replaceFirst("\\(.*\\)$", "")).orElse("")
            + " "
            + own
        : own;
  }

  /** File and line of the test that failed, in front of a message; empty if not known. */
  private static String place(Throwable thrown, String className) {
    String outer = className.replaceFirst("\\$.*", "");
    return theirs(thrown)
        .filter(frame -> frame.getClassName().replaceFirst("\\$.*", "").equals(outer))
        .findFirst()
        .or(() -> theirs(thrown).findFirst())
        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber() + ": ")
        .orElse("");
  }

  private static Stream<StackTraceElement> theirs(Throwable thrown) {
    return Stream.of(thrown.getStackTrace()).filter(TestRecord::isTheirs);
  }

  private static boolean isTheirs(StackTraceElement frame) {
    String name = frame.getClassName();
    return Stream.of("org.junit.", "java.", "jdk.", "dev.pipewright.").noneMatch(name::startsWith);
  }
}
