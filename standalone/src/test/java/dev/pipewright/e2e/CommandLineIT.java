package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.testing.NeedsDocker;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user types it, each call a process of its own. */
class CommandLineIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  /** What a call printed and how it ended. */
  record Result(int exitCode, String output) {}

  @Test
  void initWritesAPipelineThatChecksAndRuns() throws Exception {
    Files.writeString(folder.resolve("Makefile"), "test:\n\t@echo tested\n");
    initialiseGit();

    assertThat(pipewright("init", "--dir", folder.toString()).exitCode()).isZero();
    assertThat(pipewright("check", "--dir", folder.toString()).exitCode()).isZero();
    Result run = pipewright("run", "--dir", folder.toString());

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).contains("tested").contains("SUCCEEDED");
    assertThat(pipewright("init", "--dir", folder.toString()))
        .satisfies(again -> assertThat(again.exitCode()).isOne())
        .satisfies(again -> assertThat(again.output()).contains("nothing was changed"));
  }

  @Test
  void theExamplesAndThisProjectHaveNoDefinitionProblems() throws Exception {
    for (Path project :
        List.of(ROOT, ROOT.resolve("examples/hello"), ROOT.resolve("examples/greeter"))) {
      Result check = pipewright("check", "--dir", project.toString());
      assertThat(check.exitCode()).as(check.output()).isZero();
    }
  }

  @Test
  void thePlanShowsTheShapeWithoutRunningAnything() throws Exception {
    Result plan = pipewright("plan", "--dir", ROOT.resolve("examples/hello").toString());

    assertThat(plan.exitCode()).as(plan.output()).isZero();
    assertThat(plan.output()).contains("read version").contains("pack").contains("announce");
  }

  @Test
  void theExamplesRunLocally() throws Exception {
    for (String example : List.of("hello", "greeter")) {
      Result run = pipewright("run", "--dir", ROOT.resolve("examples").resolve(example).toString());
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  @Test
  void allProblemsOfADefinitionAreReportedAtOnceWithFileAndLine() throws Exception {
    Path code = Files.createDirectories(folder.resolve(".pipewright"));
    Files.writeString(
        code.resolve("BadPipeline.java"),
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import dev.pipewright.dsl.*;

        public final class BadPipeline implements PipelineDefinition {
          public Pipeline define() {
            return pipeline("bad").startedBy(manually()).runs(
                sh("same", "true"),
                sh("same", "true"),
                sh("never", "true").attempts(0));
          }
        }
        """);

    Result check = pipewright("check", "--dir", folder.toString());

    assertThat(check.exitCode()).isOne();
    assertThat(check.output()).contains("BadPipeline.java:10").contains("BadPipeline.java:11");
  }

  @Test
  void aFailedRunHasExitCodeOneAndSaysWhichStepFailed() throws Exception {
    Path code = Files.createDirectories(folder.resolve(".pipewright"));
    Files.writeString(
        code.resolve("RedPipeline.java"),
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import dev.pipewright.dsl.*;

        public final class RedPipeline implements PipelineDefinition {
          public Pipeline define() {
            return pipeline("red").startedBy(manually()).runs(sh("breaks", "echo oops; exit 7"));
          }
        }
        """);

    Result run = pipewright("run", "--dir", folder.toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.output()).contains("oops").contains("breaks").contains("exit code 7");
  }

  private static final String APPROVED =
      """
      import static dev.pipewright.dsl.Pipelines.pipeline;
      import static dev.pipewright.dsl.Steps.*;
      import static dev.pipewright.dsl.Triggers.*;
      import dev.pipewright.dsl.*;

      public final class ShopPipeline implements PipelineDefinition {
        private static final Parameter<String> VERSION = Parameter.text("version");

        public Pipeline define() {
          return pipeline("shop").startedBy(manually()).runs(
              sh("build", "echo build >> trace"),
              approval("ship").asks("Ship it?").takes(VERSION),
              step("deploy", step -> step.sh("echo deploy " + step.get(VERSION) + " >> trace"))
                  .needs(secret("DEPLOY_KEY")));
        }
      }
      """;

  private Path code(String file, String text) throws IOException {
    Path code = Files.createDirectories(folder.resolve(".pipewright"));
    return Files.writeString(code.resolve(file), text);
  }

  private List<String> trace() throws IOException {
    Path trace = folder.resolve("trace");
    return Files.exists(trace) ? Files.readAllLines(trace) : List.of();
  }

  @Test
  void aLocalRunNamesItsMissingSecretsWaitsForApprovalAndGoesOn() throws Exception {
    code("ShopPipeline.java", APPROVED);
    String dir = folder.toString();
    Result without = pipewright("run", "--dir", dir);
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.output()).contains("DEPLOY_KEY");
    assertThat(trace()).isEmpty();
    Path secrets = Files.writeString(folder.resolve("secrets"), "DEPLOY_KEY=hidden\n");

    Result left = pipewright("run", "--dir", dir, "--secrets", secrets.toString());

    assertThat(left.exitCode()).as(left.output()).isEqualTo(2);
    assertThat(left.output()).contains("pipewright run --resume --approve ship -p version=");
    String[] go = {"run", "--dir", dir, "--secrets", secrets.toString(), "--resume"};
    Result wrong = pipewright(with(go, "--approve", "ship"));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.output()).contains("'version' must be given");
    Result done = pipewright(with(go, "--approve", "ship", "-p", "version=v7"));
    assertThat(done.exitCode()).as(done.output()).isZero();
    assertThat(trace()).containsExactly("build", "deploy v7");
    assertThat(pipewright(go).output()).contains("No run is left to go on with");
  }

  @Test
  void secretsThatGitTracksAreRefused() throws Exception {
    code("ShopPipeline.java", APPROVED);
    initialiseGit();
    Path secrets = Files.writeString(folder.resolve("secrets"), "DEPLOY_KEY=hidden\n");
    git("add", "secrets");

    Result run = pipewright("run", "--dir", folder.toString(), "--secrets", secrets.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).contains("is tracked by git").doesNotContain("hidden");
  }

  @Test
  void aRunThatIsKilledGoesOnAtTheStepItWasIn() throws Exception {
    code(
        "SlowPipeline.java",
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import dev.pipewright.dsl.*;

        public final class SlowPipeline implements PipelineDefinition {
          public Pipeline define() {
            return pipeline("slow").startedBy(manually()).runs(
                sh("first", "echo first >> trace"),
                sh("second", "echo second >> trace; test -e go || sleep 300; echo done >> trace"));
          }
        }
        """);
    Process run =
        new ProcessBuilder(ServerProcess.command("run", "--dir", folder.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> trace().contains("second"));
    run.destroyForcibly().waitFor();
    Files.createFile(folder.resolve("go"));

    Result resumed = pipewright("run", "--resume", "--dir", folder.toString());

    assertThat(resumed.exitCode()).as(resumed.output()).isZero();
    assertThat(trace()).containsExactly("first", "second", "second", "done");
  }

  @Test
  void thePlanSaysWhatChangedSinceARevision() throws Exception {
    Path file = code("ShopPipeline.java", APPROVED.replace(".needs(secret(\"DEPLOY_KEY\"))", ""));
    initialiseGit();
    git("add", ".pipewright/ShopPipeline.java");
    git("-c", "user.name=Ada", "-c", "user.email=a@example.org", "commit", "-q", "-m", "y");
    String[] diff = {"plan", "--dir", folder.toString(), "--diff", "HEAD", "--exit-code"};
    Result same = pipewright(diff);
    assertThat(same.exitCode()).as(same.output()).isZero();
    Files.writeString(
        file, APPROVED.replace("approval(\"ship\").asks(\"Ship it?\").takes(VERSION),", ""));

    Result changed = pipewright(diff);

    assertThat(changed.exitCode()).as(changed.output()).isOne();
    assertThat(changed.output())
        .contains("secret DEPLOY_KEY becomes reachable by deploy: the step asks for it now")
        .contains("approval ship is gone; it no longer comes before deploy");
    assertThat(pipewright(with(diff, "--json")).output()).contains("\"because\"");
    assertThat(pipewright("plan", "--dir", folder.toString(), "--diff", "nowhere").exitCode())
        .isEqualTo(2);
  }

  @Test
  void theTestsBesideAPipelineAreRun() throws Exception {
    assertThat(pipewright("init", "--dir", folder.toString()).exitCode()).isZero();
    Result passed = pipewright("test", "--dir", folder.toString());
    assertThat(passed.exitCode()).as(passed.output()).isZero();
    code(
        "RedTest.java",
        """
        import org.junit.jupiter.api.*;

        class RedTest {
          @Test
          void fails() {
            Assertions.assertEquals(1, 2);
          }
        }
        """);
    Result failed = pipewright("test", "--dir", folder.toString());
    assertThat(failed.exitCode()).isOne();
    assertThat(failed.output()).contains("FAILED   RedTest fails ").contains("RedTest.java:6");
  }

  @Test
  void theTestsOfTheExampleThatIsRolledOutPass() throws Exception {
    for (String name : List.of("RolloutPipeline.java", "RolloutPipelineTest.java")) {
      code(name, Files.readString(Path.of("../examples/rollout/.pipewright", name)));
    }
    Result passed = pipewright("test", "--dir", folder.toString());
    assertThat(passed.exitCode()).as(passed.output()).isZero();
    assertThat(passed.output()).contains("4 passed, 0 failed");
  }

  @Test
  void completionNamesEveryCommand() throws Exception {
    Result script = pipewright("completion");
    assertThat(script.exitCode()).isZero();
    assertThat(script.output()).contains("approve", "rerun", "secrets", "locks", "--resume");
  }

  private static String[] with(String[] first, String... more) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).directory(folder.toFile()).start().waitFor()).isZero();
  }

  @Test
  void theDemoRunsOnceAndAgain() throws Exception {
    for (int call = 0; call < 2; call++) {
      Result demo =
          pipewright(
              "demo",
              "--once",
              "--port",
              freePort(),
              "--data",
              folder.toString(),
              "--launcher",
              "process");
      assertThat(demo.exitCode()).as(demo.output()).isZero();
      assertThat(demo.output()).contains("/wall").contains("/cctray.xml").contains("SUCCEEDED");
    }
  }

  @Test
  @NeedsDocker
  void theDemoRunsInAContainer() throws Exception {
    Result demo =
        pipewright(
            "demo",
            "--once",
            "--port",
            freePort(),
            "--data",
            folder.toString(),
            "--launcher",
            "docker",
            "--image",
            "pipewright/base:test");
    assertThat(demo.exitCode()).as(demo.output()).isZero();
    Process left = new ProcessBuilder("docker", "ps", "-aq", "--filter", "name=pw-hello").start();
    assertThat(left.getInputStream().readAllBytes()).isEmpty();
  }

  @Test
  void wrongUsageHasExitCodeTwo() throws Exception {
    assertThat(pipewright("dance").exitCode()).isEqualTo(2);
    assertThat(pipewright("--help").output()).contains("demo").contains("sources");
  }

  private void initialiseGit() throws IOException, InterruptedException {
    for (String[] command :
        new String[][] {
          {"git", "init", "-q", "-b", "main"},
          {
            "git",
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=a@example.org",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x"
          }
        }) {
      assertThat(new ProcessBuilder(command).directory(folder.toFile()).start().waitFor()).isZero();
    }
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  /** Carries out one command line in a process of its own; nothing is on its input. */
  static Result pipewright(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(ServerProcess.command(arguments)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), output);
  }
}
