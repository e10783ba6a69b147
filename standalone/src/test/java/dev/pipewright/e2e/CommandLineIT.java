package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.testing.NeedsDocker;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  private static Result pipewright(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(ServerProcess.command(arguments)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), output);
  }
}
