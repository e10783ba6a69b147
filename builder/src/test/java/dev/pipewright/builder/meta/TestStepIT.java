package dev.pipewright.builder.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.testing.StepInMemory;
import dev.pipewright.dsl.StepFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestStepIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private StepInMemory step;

  @BeforeEach
  void workspace(@TempDir Path temporary) {
    step = new StepInMemory(temporary);
  }

  private void code(String test) throws IOException {
    Path sources = Files.createDirectories(step.workspace().resolve("sources"));
    Files.writeString(sources.resolve("ShopPipeline.java"), Code.SHOP);
    Files.writeString(sources.resolve("ShopPipelineTest.java"), test);
    CompileStep.run(step);
  }

  private void test() throws IOException, InterruptedException {
    TestStep.run(step, List.of(), LIMIT);
  }

  @Test
  void testsThatPassAreReportedAndStayOutOfTheBundle() throws Exception {
    code(Code.SHOP_TEST);
    test();
    assertThat(step.lines())
        .anyMatch(line -> line.startsWith("passed   ShopPipelineTest whatIsPushedIsSaid"))
        .contains("1 test: 1 passed, 0 failed, 0 skipped");
    assertThat(step.workspace().resolve("test-report/TEST-pipelines.xml"))
        .content()
        .contains("<testcase classname=\"ShopPipelineTest\" name=\"whatIsPushedIsSaid\"");
    PublishStep.run(step);
    byte[] bundle = Files.readAllBytes(step.workspace().resolve("bundle.jar"));
    assertThat(new String(bundle, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("ShopPipeline.class")
        .doesNotContain("ShopPipelineTest");
  }

  @Test
  void testThatFailsIsNamedWithItsMessageAndLine() throws Exception {
    code(Code.RED_TEST);
    assertThatThrownBy(this::test)
        .isInstanceOf(StepFailedException.class)
        .hasMessageStartingWith("ShopPipelineTest.java:10: sumsAreRight: sums")
        .hasMessageContaining("expected: <4> but was: <5>");
    assertThat(step.workspace().resolve("test-report/TEST-pipelines.xml"))
        .content()
        .contains("<failure message=\"sums")
        .contains("tests=\"2\" failures=\"1\"");
  }

  @Test
  void testThatDoesNotCompileIsNamedWithItsLine() throws Exception {
    code(Code.SHOP_TEST.replace("new ShopPipeline()", "new Absent()"));
    assertThatThrownBy(this::test)
        .isInstanceOf(StepFailedException.class)
        .hasMessageStartingWith("ShopPipelineTest.java:10: cannot find symbol");
  }

  @Test
  void fileWithoutAnyTestIsFailureInWords() throws Exception {
    code(Code.SHOP_TEST.replace("@Test", ""));
    assertThatThrownBy(this::test)
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("no method marked with @Test");
  }

  @Test
  void testThatEndsTheProcessIsFailureInWords() throws Exception {
    code(Code.SHOP_TEST.replace("PipelineTester.of", "System.exit(0); PipelineTester.of"));
    assertThatThrownBy(this::test)
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("before it was done");
  }

  @Test
  void testThatNeverEndsIsKilled() throws Exception {
    code(
        Code.SHOP_TEST.replace(
            "PipelineTester.of", "while (!Thread.interrupted()) {}\n PipelineTester.of"));
    assertThatThrownBy(() -> TestStep.run(step, List.of(), Duration.ofSeconds(4)))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("did not end within 4 seconds");
  }
}
