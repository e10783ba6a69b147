package dev.pipewright.engine.plan;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.definition.DefinitionProblem;
import org.junit.jupiter.api.Test;

final class NotExecutedYetTest {

  @Test
  void everyTriggerThatNobodyActsOnIsNamedAllAtOnce() {
    Pipeline pipeline =
        pipeline("p").startedBy(push().ignoringPaths("docs/**")).runs(sh("s", "true"));

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> PlanReader.read(pipeline, "P"))
        .satisfies(
            wrong ->
                assertThat(wrong.problems().stream().map(NotExecutedYetTest::word))
                    .containsExactlyInAnyOrder("ignoringPaths"));
  }

  private static String word(DefinitionProblem problem) {
    assertThat(problem.message()).contains("is understood but not executed yet. Remove it, or");
    assertThat(problem.location().file()).isEqualTo("NotExecutedYetTest.java");
    return problem.message().split("'", 3)[1];
  }
}
