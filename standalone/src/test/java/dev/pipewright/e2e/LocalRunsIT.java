package dev.pipewright.e2e;

import static dev.pipewright.e2e.CommandLineIT.pipewright;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Local runs as a user types them, with code and words that are not as they should be. */
class LocalRunsIT {
  @TempDir Path folder;

  private void code(String name, String... statements) throws IOException {
    Path code = Files.createDirectories(folder.resolve(".pipewright"));
    Files.writeString(
        code.resolve(name + ".java"),
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import dev.pipewright.dsl.*;

        public final class %s implements PipelineDefinition {
          public Pipeline define() {
            %s
          }
        }
        """
            .formatted(name, String.join("\n    ", statements)));
  }

  @Test
  void aStepThatEndsTheProcessIsBrokenAndTheRunGoesOnToItsEnd() throws Exception {
    code(
        "Quit",
        "return pipeline(\"quit\").startedBy(manually()).runs(",
        "    step(\"quit\", _ -> System.exit(0)).ensure(sh(\"tidy\", \"echo tidied\")));");

    CommandLineIT.Result run = pipewright("run", "--dir", folder.toString());

    assertThat(run.exitCode()).as(run.output()).isOne();
    assertThat(run.output())
        .contains("quit#1 ERRORED: quit: The step called System.exit")
        .contains("Quit.java:9")
        .contains("tidied");
  }

  @Test
  void aWaitingRunSaysHowToGoOnAndTakesNoParameterThatNobodyAsksFor() throws Exception {
    code(
        "Shop",
        "return pipeline(\"shop\").startedBy(manually()).runs(",
        "    approval(\"ship\").takes(Parameter.text(\"ticket\")),",
        "    sh(\"deploy\", \"echo deployed\").needs(secret(\"KEY\")));");
    String dir = folder.toString();
    String secrets = Files.writeString(folder.resolve("secrets"), "KEY=hidden\n").toString();

    CommandLineIT.Result left = pipewright("run", "--dir", dir, "--secrets", secrets);

    assertThat(left.exitCode()).as(left.output()).isEqualTo(2);
    assertThat(left.output())
        .contains(
            "pipewright run --resume --approve ship -p ticket=… --dir %s --secrets %s"
                .formatted(dir, secrets));
    assertThat(folder.resolve(".pipewright/.runs/.gitignore")).hasContent("*");
    List<String> go = List.of("run", "--resume", "--dir", dir, "--secrets", secrets);
    CommandLineIT.Result alone = pipewright(with(go, "-p", "ticket=T-9"));
    assertThat(alone.exitCode()).as(alone.output()).isEqualTo(2);
    assertThat(alone.output()).contains("-p and --approve STEP together");
    CommandLineIT.Result wrong =
        pipewright(with(go, "--approve", "ship", "-p", "ticket=T-9", "-p", "bogus=1"));
    assertThat(wrong.exitCode()).as(wrong.output()).isEqualTo(2);
    assertThat(wrong.output()).contains("There is no parameter 'bogus'. There is ticket.");
    CommandLineIT.Result done = pipewright(with(go, "--approve", "ship", "-p", "ticket=T-9"));
    assertThat(done.exitCode()).as(done.output()).isZero();
  }

  private static String[] with(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aThreadThatEndsTheProcessMakesNoSuccess() throws Exception {
    code(
        "Quit",
        "return pipeline(\"quit\").startedBy(manually()).runs(",
        "    step(\"quit\", _ -> { new Thread(() -> System.exit(0)).start();",
        "        new java.util.concurrent.CountDownLatch(1).await(); }));");

    CommandLineIT.Result run = pipewright("run", "--dir", folder.toString());

    assertThat(run.exitCode()).as(run.output()).isEqualTo(130);
    assertThat(run.output())
        .contains("quit#1 CANCELLED: quit: a thread of the pipeline's code called System.exit");
  }

  @Test
  void aDefinitionThatEndsTheProcessIsAProblemWithItsLine() throws Exception {
    code(
        "Quit",
        "if (true) System.exit(0);",
        "return pipeline(\"quit\").startedBy(manually()).runs(sh(\"a\", \"true\"));");

    for (String command : List.of("check", "plan", "run")) {
      CommandLineIT.Result refused = pipewright(command, "--dir", folder.toString());
      assertThat(refused.exitCode()).as(refused.output()).isOne();
      assertThat(refused.output()).contains("Quit.java:8: define() called System.exit");
    }
  }
}
