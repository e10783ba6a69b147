package dev.pipewright.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.engine.load.Description;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Concurrency;
import dev.pipewright.protocol.run.Concurrency.Superseded;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipeline code is compiled here as a user would write it, and described. */
final class DescriptionTest {
  private final Path folder;

  DescriptionTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private DescribeResult describe(String... classes) throws IOException {
    for (String body : classes) {
      int at = body.indexOf("class ") + 6;
      String name = body.substring(at, body.indexOf(' ', at));
      Path file = folder.resolve(name + ".java");
      Files.writeString(
          file,
          """
          import dev.pipewright.dsl.*;
          import static dev.pipewright.dsl.Pipelines.pipeline;
          import static dev.pipewright.dsl.Steps.*;
          import static dev.pipewright.dsl.Triggers.*;
          %s
          """
              .formatted(body));
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-d",
                  folder.toString(),
                  "-cp",
                  folder + ":" + System.getProperty("java.class.path"),
                  file.toString());
      assertThat(result).isZero();
    }
    try (PipelineCode code = PipelineCode.open(List.of(folder))) {
      return Description.of(code);
    }
  }

  @Test
  void aPlanSaysHowItsRunsStandToEachOther() throws IOException {
    DescribeResult result =
        describe(
            "class One implements PipelineDefinition { public Pipeline define() { return"
                + " pipeline(\"one\").startedBy(push()).cancelSuperseded().oneAtATime()"
                + ".runs(checkout()); } }",
            "class Two implements PipelineDefinition { public Pipeline define() { return"
                + " pipeline(\"two\").startedBy(push()).atMost(3).cancelSupersededEvenWaiting()"
                + ".runs(checkout()); } }",
            "class Zoo implements PipelineDefinition { public Pipeline define() { return"
                + " pipeline(\"zoo\").startedBy(push()).runs(checkout()); } }");

    assertThat(result.plans())
        .extracting(Plan::concurrency)
        .containsExactly(
            new Concurrency(1, Superseded.CANCELLED),
            new Concurrency(3, Superseded.CANCELLED_EVEN_WAITING),
            Concurrency.UNLIMITED);
  }

  @Test
  void librariesOfTheEngineAreNotSeen() throws IOException {
    DescribeResult result =
        describe(
            """
            public final class A implements PipelineDefinition {
              public Pipeline define() {
                try {
                  Class.forName("dev.pipewright.protocol.StepPath");
                  Class.forName("com.fasterxml.jackson.databind.ObjectMapper");
                } catch (ClassNotFoundException e) {
                  throw new IllegalStateException("absent: " + e.getMessage());
                }
                return pipeline("a").startedBy(push()).runs(checkout());
              }
            }
            """);
    assertThat(result.problems())
        .singleElement()
        .asString()
        .contains("absent: com.fasterxml.jackson.databind.ObjectMapper");
  }

  @Test
  void plansOfAllPipelinesAreGiven() throws IOException {
    DescribeResult result =
        describe(
            "abstract class Team implements PipelineDefinition {}",
            "class One extends Team { public Pipeline define() { return pipeline(\"one\")"
                + ".startedBy(push(\"main\")).image(\"debian:12\").memory(\"512m\").cpus(1.5).runs(stage(\"s\","
                + " onBranch(\"main\", sh(\"a\", \"true\").ensure(sh(\"b\", \"true\"))))); } }",
            "class Two implements PipelineDefinition { public Pipeline define() { return"
                + " pipeline(\"two\").startedBy(manually()).runs(checkout()); } }");

    assertThat(result.problems()).isEmpty();
    assertThat(result.plans())
        .extracting(plan -> plan.pipeline().value())
        .containsExactly("one", "two");
    assertThat(result.plans().getFirst().image()).isEqualTo("debian:12");
    assertThat(result.plans().getFirst().resources()).isEqualTo(new Resources(512L << 20, 1.5));
    assertThat(result.plans().getLast().resources()).isNull();
    assertThat(
            result.plans().getFirst().addressedSteps().stream()
                .map(PlanStep::path)
                .map(String::valueOf))
        .containsExactly("s", "s/a", "s/a/b");
    assertThat(Json.read(Json.bytes(result), DescribeResult.class)).isEqualTo(result);
  }

  @Test
  void everyProblemOfEveryPipelineIsGivenWithItsLine() throws IOException {
    DescribeResult result =
        describe(
            "class One implements PipelineDefinition { public Pipeline define() { return"
                + " pipeline(\"one\").startedBy(cron(\"0 3 * *\"))\n.runs(approval(\"ship\"),"
                + "\nsh(\"\", \"true\")); } }",
            "class Two implements PipelineDefinition { public Pipeline define() {\n throw new"
                + " IllegalStateException(\"broken\"); } }");

    assertThat(result.plans()).isEmpty();
    assertThat(result.problems().stream().map(Object::toString))
        .hasSize(3)
        .anyMatch(text -> text.startsWith("One.java:7: A step name must not be empty"))
        .anyMatch(text -> text.startsWith("One.java:5: A cron expression has five fields"))
        .anyMatch(text -> text.startsWith("Two.java:6: define() threw") && text.contains("broken"));
  }

  @Test
  void aClassWithoutAPlainConstructorAndEqualNamesAreProblems() throws IOException {
    String define =
        "public Pipeline define() { return pipeline(\"p\").startedBy(manually())"
            + ".runs(sh(\"a\", \"true\")); } }";
    DescribeResult result =
        describe(
            "class One implements PipelineDefinition { " + define,
            "class Two implements PipelineDefinition { " + define,
            "class Three implements PipelineDefinition { Three(int x) {} " + define);

    assertThat(result.problems().stream().map(Object::toString))
        .hasSize(2)
        .anyMatch(text -> text.contains("needs a constructor without parameters"))
        .anyMatch(text -> text.contains("Both One and Two define the pipeline 'p'"));
  }

  @Test
  void codeWithoutAPipelineIsAProblem() throws IOException {
    Files.write(folder.resolve("readme.txt"), "x".getBytes(StandardCharsets.UTF_8));

    assertThat(describe().problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).startsWith("There is no pipeline"));
  }
}
