package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.TestReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What steps may ask of the server, each word once from a push to its end. */
@Timeout(300)
class WordsIT {
  private static final String SECRET = "s3cr3t-/+value-of-42";

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(folder.resolve("data"), "process");
    scenario = new Scenario(server, folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static GitProject project(String name, String steps) {
    return scenario.givenSource(name).dying().pipeline(name, steps);
  }

  private static RunSnapshot thenSucceeded(String pipeline, int count) {
    RunSnapshot run = scenario.thenFinished(pipeline, count).getFirst();
    assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
    return run;
  }

  @Test
  void aSecretIsSeenByTheStepThatDeclaresItAndByNobodyElse() {
    Effects effects = new Effects(folder, "secret");
    server.http().post(Routes.SECRETS, new SecretSpec("DEPLOY_KEY", SECRET, null));
    project(
            "secret",
            """
            sh("before", "env"),
            sh("deploy", "echo it is $DEPLOY_KEY; printf %%s $DEPLOY_KEY | base64; echo $DEPLOY_KEY >>%s")
                .needs(secret("DEPLOY_KEY")),
            sh("after", "env; cat /proc/$PPID/environ | tr '\\\\0' '\\\\n' || true")
            """
                .formatted(effects.file()))
        .release("go");

    RunSnapshot run = thenSucceeded("secret", 1);

    assertThat(effects.lines()).containsExactly(SECRET);
    assertThat(scenario.log(run, "deploy")).contains("it is ***").doesNotContain(SECRET);
    assertThat(scenario.log(run, "before")).doesNotContain("DEPLOY_KEY").doesNotContain(SECRET);
    assertThat(scenario.log(run, "after")).doesNotContain("DEPLOY_KEY").doesNotContain(SECRET);
    String listed = new String(server.http().get(Routes.SECRETS).body(), StandardCharsets.UTF_8);
    assertThat(listed).contains("DEPLOY_KEY").doesNotContain(SECRET);
  }

  @Test
  void aRunThatNeedsAnUnknownSecretEndsAtOnceAndSaysWhatToDo() {
    project("unset", "sh(\"deploy\", \"echo\").needs(secret(\"NOBODY_SET_IT\"))").release("go");

    RunSnapshot run = scenario.thenFinished("unset", 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(run.reason()).contains("NOBODY_SET_IT").contains("pipewright secrets set");
  }

  @Test
  void twoRunsThatWantALockTakeTurns() {
    Effects effects = new Effects(folder, "locked");
    GitProject project =
        project(
            "locked",
            "withLock(\"production\", sh(\"deploy\", \"%s; sleep 1; %s\"))"
                .formatted(effects.leave("begins"), effects.leave("ends")));
    project.release("one");
    project.release("two");
    effects.await("begins", 1);
    await().atMost(Scenario.PATIENCE).until(() -> !locks().isEmpty());

    thenSucceeded("locked", 2);

    assertThat(effects.lines()).containsExactly("begins", "ends", "begins", "ends");
    assertThat(locks()).allMatch(lock -> lock.owner() == null && lock.waiting().isEmpty());
  }

  private static List<LockView> locks() {
    return Json.read(server.http().get(Routes.LOCKS).body(), new Json.Generic<Page<LockView>>() {})
        .items();
  }

  @Test
  void aRunStartsAnotherPipelineAndWaitsForItsEndWithoutAnEngine() {
    Effects effects = new Effects(folder, "chain");
    project(
            "child",
            "sh(\"work\", \"%s; %s\")".formatted(effects.leave("child"), effects.waitAtGate()))
        .release("child alone");
    effects.openGate();
    thenSucceeded("child", 1);
    Effects gated = new Effects(folder, "chained");
    project("chain", "trigger(\"child\"), sh(\"after\", \"%s\")".formatted(gated.leave("after")))
        .release("go");

    RunSnapshot run = thenSucceeded("chain", 1);

    assertThat(thenSucceeded("child", 2).cause().kind()).isEqualTo("pipeline");
    assertThat(gated.lines()).containsExactly("after");
    assertThat(run.state()).isEqualTo(Phase.FINISHED);
  }

  @Test
  void aRerunFromTheStartIsAnotherAttemptInANewWorkspace() {
    Effects effects = new Effects(folder, "rerun");
    project(
            "rerun",
            "sh(\"one\", \"[ ! -e file ]; echo x >file; %s\"), sh(\"two\", \"test -e %s.ok\")"
                .formatted(effects.leave("one"), effects.file()))
        .release("go");
    RunSnapshot first = scenario.thenFinished("rerun", 1).getFirst();
    assertThat(first.outcome()).isEqualTo(Outcome.FAILED);

    scenario.rerun(first, null);
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.details(first).attempt() == 2
                    && scenario.details(first).state() == Phase.FINISHED);

    RunSnapshot second = scenario.details(first);
    assertThat(scenario.step(second, "one").outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(effects.lines()).containsExactly("one", "one");
    assertThat(second.attempts().getFirst().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void testReportsAreReadFailedOnesFirst() {
    String report =
        "<testsuite name='S'><testcase classname='S' name='good' time='0.1'/>"
            + "<testcase classname='S' name='bad' time='0.2'><failure message='no'>trace</failure>"
            + "</testcase></testsuite>";
    project(
            "tested",
            "sh(\"test\", \"echo \\\"%s\\\" >report.xml; exit 1\").junit(\"report.xml\")"
                .formatted(report))
        .release("go");

    RunSnapshot run = scenario.thenFinished("tested", 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
    RunTests tests =
        Json.read(server.http().get(Routes.run(run.id(), "tests")).body(), RunTests.class);
    assertThat(tests.steps()).hasSize(1);
    assertThat(tests.steps().getFirst().report().cases())
        .extracting(TestReport.Case::name)
        .containsExactly("bad", "good");
  }

  @Test
  void aCacheIsFilledByOneRunAndFoundByTheNext() {
    GitProject project =
        project(
            "cached",
            "sh(\"tools\", \"if [ -e tools/t ]; then cat tools/t; else mkdir -p tools; echo fetched"
                + " >tools/t; echo made; fi\").cache(\"tools-1\", \"tools\")");
    project.release("one");
    RunSnapshot first = thenSucceeded("cached", 1);
    project.release("two");
    RunSnapshot second = thenSucceeded("cached", 2);

    assertThat(scenario.log(first, "tools")).contains("made");
    assertThat(scenario.log(second, "tools")).contains("fetched").doesNotContain("made");
  }

  @Test
  void aKeptFileCanBeFetchedAfterTheRun() {
    project("kept", "sh(\"make\", \"mkdir -p out; echo content >out/a.txt\").keeps(\"out/*.txt\")")
        .release("go");

    RunSnapshot run = thenSucceeded("kept", 1);

    assertThat(scenario.step(run, "make").artifacts()).hasSize(1);
    byte[] body = server.http().get(Routes.run(run.id(), "artifacts") + "/out/a.txt").body();
    assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("content\n");
  }
}
