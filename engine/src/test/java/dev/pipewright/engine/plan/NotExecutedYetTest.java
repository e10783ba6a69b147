package dev.pipewright.engine.plan;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.definition.DefinitionProblem;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NotExecutedYetTest {

  @Test
  void everyWordThatIsNotExecutedIsNamedAllAtOnce() {
    Pipeline pipeline =
        pipeline("p")
            .startedBy(cron("0 3 * * *"), push().ignoringPaths("docs/**"))
            .runs(
                expand("e", _ -> List.of()),
                approval("a"),
                withLock("l", trigger("q")),
                withCheckout(git("https://git.example.org/x.git"), sh("x", "true")),
                sh("s", "true")
                    .image("node:22")
                    .with(service("db", "postgres:17"))
                    .needs(secret("KEY"))
                    .locks("l")
                    .junit("*.xml")
                    .cache("k", "m2")
                    .atMostOnce()
                    .ensure(approval("b")));

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> PlanReader.read(pipeline, "P"))
        .satisfies(
            wrong ->
                assertThat(wrong.problems().stream().map(NotExecutedYetTest::word))
                    .containsExactlyInAnyOrder(
                        "cron",
                        "ignoringPaths",
                        "expand",
                        "approval",
                        "withLock",
                        "trigger",
                        "withCheckout",
                        "image of a single step",
                        "with",
                        "needs",
                        "locks",
                        "junit",
                        "cache",
                        "atMostOnce",
                        "approval"));
  }

  private static String word(DefinitionProblem problem) {
    assertThat(problem.message()).contains("is understood but not executed yet. Remove it, or");
    assertThat(problem.location().file()).isEqualTo("NotExecutedYetTest.java");
    return problem.message().split("'", 3)[1];
  }
}
