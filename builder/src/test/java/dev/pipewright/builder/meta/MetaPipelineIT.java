package dev.pipewright.builder.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pipewright.builder.testing.StepInMemory;
import dev.pipewright.dsl.StepFailedException;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaPipelineIT {
  private static final Fork FORK = Forks.standIn();
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private StepInMemory step;

  @BeforeEach
  void workspace(@TempDir Path temporary) {
    step = new StepInMemory(temporary);
  }

  private StepInMemory compiled(String code) throws IOException {
    Path sources = Files.createDirectories(step.workspace().resolve("sources"));
    Files.writeString(sources.resolve("ShopPipeline.java"), code);
    CompileStep.run(step);
    return step;
  }

  @Test
  void definesItselfAndNamesItsSteps() {
    assertThat(new PipelineCodePipeline().define().name()).isEqualTo("pipeline code");
  }

  @Test
  void compilesDescribesAndPublishes() throws Exception {
    DescribeStep.run(compiled(Code.SHOP), FORK, LIMIT);
    PublishStep.run(step);
    DescribeResult result =
        Json.read(
            Files.readAllBytes(step.workspace().resolve("describe.json")), DescribeResult.class);
    assertThat(result.plans()).singleElement().asString().contains("shop");
    byte[] bundle = Files.readAllBytes(step.workspace().resolve("bundle.jar"));
    compiled(Code.SHOP);
    PublishStep.run(step);
    assertThat(Files.readAllBytes(step.workspace().resolve("bundle.jar"))).isEqualTo(bundle);
  }

  @Test
  void compileErrorIsFailureWithFileAndLine() {
    assertThatThrownBy(() -> compiled(Code.SHOP.replace("\"shop\"", "42")))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("ShopPipeline.java:9: incompatible types");
  }

  @Test
  void endlessDefineIsKilledWithEverythingItStarted() throws Exception {
    String loop =
        """
        try {
          new ProcessBuilder("setsid", "sleep", "76543210981").start();
          new ProcessBuilder("sleep", "76543210982").start();
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
        while (!Thread.interrupted()) {}
        """;
    compiled(Code.doing(loop));
    assertThatThrownBy(() -> DescribeStep.run(step, FORK, Duration.ofSeconds(4)))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("did not return within 4 seconds");
    await().until(() -> !running(ProcessHandle.allProcesses(), "76543210981"));
    await().until(() -> !running(ProcessHandle.allProcesses(), "76543210982"));
    await().until(() -> !running(ProcessHandle.current().descendants(), "DescribeStandIn"));
  }

  private static boolean running(Stream<ProcessHandle> processes, String argument) {
    return processes
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().arguments().stream())
        .flatMap(Stream::of)
        .anyMatch(found -> found.endsWith(argument));
  }

  @Test
  void exitInDefineIsFailureInWords() throws Exception {
    compiled(Code.doing("if (true) System.exit(7);"));
    assertThatThrownBy(() -> DescribeStep.run(step, FORK, LIMIT))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("exit code 7");
  }

  @Test
  void exceptionInDefineIsFailureWithItsMessage() throws Exception {
    compiled(Code.doing("if (true) throw new IllegalStateException(\"not today\");"));
    assertThatThrownBy(() -> DescribeStep.run(step, FORK, LIMIT))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("not today")
        .hasMessageContaining("ShopPipeline.java:9");
  }

  @Test
  void whatDefinePrintsDisturbsNothingAndIsLogged() throws Exception {
    compiled(Code.doing("System.out.println(\"{printed}\");"));
    DescribeStep.run(step, FORK, LIMIT);
    assertThat(step.lines()).contains("{printed}", "pipeline shop");
  }

  @Test
  void memoryOfDefineIsLimited() throws Exception {
    String hoard =
        "var all = new java.util.ArrayList<byte[]>(); while (all.size() < 9999) all.add(new"
            + " byte[9999999]);";
    compiled(Code.doing(hoard));
    assertThatThrownBy(() -> DescribeStep.run(step, FORK, LIMIT))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("memory");
  }

  @Test
  void describedCodeSeesNoSecretsOfTheEngine() throws Exception {
    compiled(Code.doing("System.out.println(System.getenv().keySet());"));
    DescribeStep.run(step, FORK, LIMIT);
    assertThat(String.join("\n", step.lines()))
        .contains("PIPEWRIGHT_RUN")
        .doesNotContain("TOKEN")
        .doesNotContain("JAVA_HOME");
  }
}
