package dev.pipewright.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {

  private static Plan plan(String name, @Nullable String image, List<PlanStep> steps) {
    return new Plan(new PipelineName(name), "A", List.of(), image, steps);
  }

  private static List<Plan> read(List<Plan> plans) {
    return Description.plans(Json.bytes(new DescribeResult(plans, List.of())));
  }

  @Test
  void readsPlans() {
    List<Plan> plans = List.of(plan("a", "maven:3.9", List.of()), plan("b", null, List.of()));
    assertThat(read(plans)).isEqualTo(plans);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"plans\":null,\"problems\":[]}",
        "{\"plans\":[null],\"problems\":[]}",
        "{\"plans\":[{\"pipeline\":null}],\"problems\":[]}",
        "{\"plans\":[],\"problems\":[]}",
      })
  void refusesWhatIsNoDescription(String json) {
    assertThatThrownBy(() -> Description.plans(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(CodeRejectedException.class);
  }

  @Test
  void refusesTooManyPlansAndSteps() {
    List<Plan> plans =
        IntStream.rangeClosed(0, 100).mapToObj(i -> plan("p" + i, null, List.of())).toList();
    assertThatThrownBy(() -> read(plans)).hasMessageContaining("101 pipelines");
    PlanStep step = CodeRuns.plan(new PipelineName("a")).steps().getLast();
    List<PlanStep> steps = Collections.nCopies(5_001, step);
    assertThatThrownBy(() -> read(List.of(plan("a", null, steps))))
        .hasMessageContaining("5,001 steps");
  }

  @Test
  void refusesEqualAndReservedNames() {
    assertThatThrownBy(() -> read(List.of(plan("a", null, List.of()), plan("a", null, List.of()))))
        .hasMessageContaining("Two pipelines are named 'a'");
    assertThatThrownBy(() -> read(List.of(plan("a :: pipeline code", null, List.of()))))
        .hasMessageContaining("reserved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--privileged", "a b", "", "x;y", "$(x)"})
  void refusesImagesThatAreNone(String image) {
    assertThatThrownBy(() -> read(List.of(plan("a", image, List.of()))))
        .hasMessageContaining("not the name of an image");
  }
}
