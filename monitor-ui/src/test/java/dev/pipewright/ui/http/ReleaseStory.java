package dev.pipewright.ui.http;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.api.TestHistory;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.TestReport.Result;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.ui.http.Samples.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs of a release that wait, that were tried again, and whose tests failed. */
final class ReleaseStory {
  static final RunId ASKING = new RunId(new PipelineName("release"), 12);
  static final RunId UNKNOWN = new RunId(new PipelineName("release"), 11);
  static final RunId TWICE = new RunId(new PipelineName("release"), 10);

  private static final Ending DONE = Ending.of(Outcome.SUCCEEDED, null);
  private static final Ending PENDING = new Ending(Phase.PENDING, null, null);
  private static final Ending WAITING = new Ending(Phase.WAITING, null, null);
  private static final TestCounts COUNTS = new TestCounts(119, 2, 1, 3, 14.2);
  private static final String TRACE =
      """
      org.opentest4j.AssertionFailedError: expected: <3> but was: <2>
      \tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:39)
      \tat shop.basket.BasketTest.survivesARestart(BasketTest.java:48)
      \tat java.base/java.lang.reflect.Method.invoke(Method.java:565)
      """;

  private final CannedServer server;
  private final Samples samples;
  private final Instant now;

  ReleaseStory(CannedServer server, Instant now) {
    this.server = server;
    this.samples = new Samples(now);
    this.now = now;
  }

  /** Puts everything. */
  void tell() {
    server.put(asking());
    server.put(unknownEnd());
    triedTwice();
    server.answers.locks.add(
        new LockView("production", claim(UNKNOWN, 26, 4), List.of(claim(ASKING, 9, 0))));
    server.answers.locks.add(new LockView("licence-server", claim(TWICE, 2, 17), List.of()));
  }

  private LockView.Claim claim(RunId run, long minutes, long grant) {
    return new LockView.Claim(run, "deploy", now.minus(Duration.ofMinutes(minutes)), grant);
  }

  /** Asks whether to ship, and waits for a lock and for another pipeline besides. */
  RunSnapshot asking() {
    RunSnapshot run = samples.run("release", 12, WAITING, Duration.ofMinutes(21), 0);
    List<StepSnapshot> steps =
        List.of(
            Samples.stepOf(run, "checkout", DONE, 0L, 2L),
            Samples.stepOf(run, "verify", DONE, 2L, 64L),
            withTests(
                Samples.stepOf(run, "verify/unit tests", DONE, 2L, 41L),
                new TestCounts(122, 0, 0, 3, 13.9)),
            Samples.stepOf(run, "verify/lint", DONE, 2L, 19L),
            Samples.stepOf(run, "verify/integration", DONE, 3L, 64L),
            Samples.stepOf(run, "package", WAITING, 64L, null),
            Samples.stepOf(run, "deploy", WAITING, 64L, null),
            Samples.stepOf(run, "deploy/roll back", PENDING, null, null),
            Samples.stepOf(run, "deploy/announce", PENDING, null, null));
    Wait question =
        new Wait(
            Wait.Kind.APPROVAL,
            "Ship 1.4.0 to production?\nThe change log is in the artifacts of this run.",
            List.of("release-managers", "Grace Hopper"),
            List.of(
                text("version", "As it is shown to customers.", null),
                choice("region", List.of("eu-central", "eu-west", "us-east"), "eu-central"),
                choice("window", List.of("now", "tonight", "weekend", "later", "never"), null),
                bool("announce", "Tell the customers.", "true"),
                bool("migrate", "Run the migration of the database first.", null),
                text("ticket", "", "none")),
            now.plus(Duration.ofHours(7)));
    return Samples.standing(
        Samples.withSteps(run, steps),
        Phase.WAITING,
        null,
        1,
        List.of(
            wait("deploy", question, 12),
            wait("package", forOther(Wait.Kind.LOCK, "production"), 9),
            new OpenWait(
                "verify//0",
                null,
                forOther(Wait.Kind.RUN, "shop#42"),
                now.minus(Duration.ofMinutes(3)))));
  }

  /** Was lost in the middle of a deployment that may run only once. */
  RunSnapshot unknownEnd() {
    RunSnapshot run = samples.run("release", 11, WAITING, Duration.ofHours(2), 0);
    List<StepSnapshot> steps =
        List.of(
            Samples.stepOf(run, "checkout", DONE, 0L, 2L),
            Samples.stepOf(run, "package", DONE, 2L, 30L),
            Samples.stepOf(run, "deploy", WAITING, 31L, null));
    Wait question =
        new Wait(
            Wait.Kind.UNKNOWN_END,
            "Did 'deploy' happen? Its engine was lost before it could say so.",
            List.of(),
            List.of(choice("end", List.of("happened", "failed", "again"), null)),
            null);
    return Samples.standing(
        Samples.withSteps(run, steps),
        Phase.WAITING,
        null,
        1,
        List.of(wait("deploy", question, 26)));
  }

  /** Failed, and failed differently in its second attempt. */
  private void triedTwice() {
    Ending no = Ending.of(Outcome.FAILED, "npm run lint ended with exit code 1");
    Ending lost = Ending.of(Outcome.ERRORED, "the host of the container was lost");
    RunSnapshot first = samples.run("release", 10, lost, Duration.ofHours(6), 71);
    server.answers.attempts.put(
        CannedAnswers.name(TWICE, 1),
        Samples.withSteps(
            first,
            List.of(
                Samples.stepOf(first, "checkout", DONE, 0L, 2L),
                Samples.stepOf(first, "verify", lost, 2L, 71L),
                Samples.stepOf(first, "verify/unit tests", DONE, 2L, 41L),
                Samples.stepOf(first, "verify/lint", DONE, 2L, 19L),
                Samples.stepOf(first, "verify/integration", lost, 3L, 71L))));
    server.earlierLog(TWICE, 1, "verify/lint", "the lint of the first attempt\n");
    RunSnapshot second = samples.run("release", 10, no, Duration.ofHours(5), 66);
    RunSnapshot whole = Samples.withSteps(second, stepsOf(second, no));
    PastAttempt past =
        new PastAttempt(1, Outcome.ERRORED, lost.reason(), first.startedAt(), Samples.endOf(first));
    server.put(
        Samples.withAttempts(
            Samples.standing(whole, Phase.FINISHED, Outcome.FAILED, 2, List.of()), List.of(past)));
    server.appendLog(TWICE, "verify/lint", "the lint of the second attempt\n");
    server.answers.tests.put(CannedAnswers.name(TWICE, 2), tests());
    server.answers.histories.put("shop.basket.BasketTest.survivesARestart", history());
  }

  private static List<StepSnapshot> stepsOf(RunSnapshot run, Ending no) {
    return List.of(
        Samples.stepOf(run, "checkout", DONE, 0L, 2L),
        Samples.stepOf(run, "verify", no, 2L, 66L),
        withFiles(
            withTests(
                Samples.stepOf(run, "verify/unit tests", Ending.of(Outcome.FAILED, null), 2L, 55L),
                COUNTS)),
        Samples.stepOf(run, "verify/lint", no, 2L, 19L),
        Samples.stepOf(run, "verify/integration", DONE, 3L, 66L),
        Samples.stepOf(run, "package", Ending.of(Outcome.SKIPPED, null), null, null));
  }

  private static RunTests tests() {
    List<TestReport.Case> cases = new ArrayList<>();
    cases.add(
        new TestReport.Case(
            "shop.basket.BasketTest",
            "survivesARestart",
            Result.FAILED,
            0.31,
            "expected: <3> but was: <2>",
            TRACE));
    cases.add(
        new TestReport.Case(
            "shop.order.OrderTest",
            "refuses <script>alert('orders')</script> of \u202Egpj",
            Result.FAILED,
            0.02,
            "<img src=x onerror=alert(1)> is not refused\nin 3 of 4 cases",
            null));
    cases.add(
        new TestReport.Case(
            "shop.stock.StockIT",
            "countsDown",
            Result.ERRORED,
            2.5,
            "java.net.ConnectException: Connection refused",
            null));
    for (int i = 0; i < 119; i++) {
      cases.add(
          new TestReport.Case(
              "shop.price.PriceTest", "rounds[" + i + "]", Result.PASSED, 0.004 * i, null, null));
    }
    cases.add(
        new TestReport.Case(
            "shop.price.PriceTest", "inYen", Result.SKIPPED, 0, "no market there yet", null));
    TestReport report = new TestReport(COUNTS, cases, 2);
    return new RunTests(
        COUNTS, List.of(new RunTests.Step(new StepPath("verify/unit tests"), report)));
  }

  private TestHistory history() {
    Result[] results = Result.values();
    List<TestHistory.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Result result = i == 0 ? Result.FAILED : i % 4 == 3 ? results[i / 4] : Result.PASSED;
      Instant at = now.minus(Duration.ofHours(5 + 7L * i));
      RunId run = new RunId(TWICE.pipeline(), TWICE.number() - i);
      entries.add(new TestHistory.Entry(run, i == 0 ? 2 : 1, result, 0.3, at));
    }
    return new TestHistory("shop.basket.BasketTest", "survivesARestart", entries);
  }

  private OpenWait wait(String path, Wait what, long minutes) {
    return new OpenWait(path, new StepPath(path), what, now.minus(Duration.ofMinutes(minutes)));
  }

  private static Wait forOther(Wait.Kind kind, String name) {
    return new Wait(kind, name, List.of(), List.of(), null);
  }

  private static ParameterSpec text(String name, String description, @Nullable String value) {
    return new ParameterSpec(name, ParameterSpec.Kind.TEXT, description, List.of(), value);
  }

  private static ParameterSpec bool(String name, String description, @Nullable String value) {
    return new ParameterSpec(name, ParameterSpec.Kind.BOOL, description, List.of(), value);
  }

  private static ParameterSpec choice(String name, List<String> choices, @Nullable String value) {
    return new ParameterSpec(name, ParameterSpec.Kind.CHOICE, "", choices, value);
  }

  private static StepSnapshot withTests(StepSnapshot step, TestCounts counts) {
    return new StepSnapshot(
        step.path(),
        "sh",
        step.state(),
        step.outcome(),
        step.reason(),
        step.startedAt(),
        step.finishedAt(),
        1,
        false,
        0,
        List.of(),
        counts,
        new BlobDigest("sha256:" + "7e".repeat(32)));
  }

  private static StepSnapshot withFiles(StepSnapshot step) {
    BlobDigest digest = new BlobDigest("sha256:" + "f1".repeat(32));
    return new StepSnapshot(
        step.path(),
        "sh",
        step.state(),
        step.outcome(),
        step.reason(),
        step.startedAt(),
        step.finishedAt(),
        1,
        false,
        0,
        List.of(
            new Artifact("target/shop-1.4.0.jar", digest, 48_213_004),
            new Artifact("target/site/change log.html", digest, 2_117),
            new Artifact("target/empty.txt", digest, 0)),
        step.tests(),
        step.testReport());
  }
}
