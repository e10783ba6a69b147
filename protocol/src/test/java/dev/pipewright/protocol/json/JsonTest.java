package dev.pipewright.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TriggerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void aPlanSurvivesTheWire() {
    PlanStep lint =
        new PlanStep(
            "sh",
            new StepPath("verify/lint"),
            "npm run lint",
            "A.java:3",
            true,
            60L,
            2,
            List.of(),
            List.of(),
            List.of());
    Plan plan =
        new Plan(
            new PipelineName("shop"),
            "ShopPipeline",
            List.of(
                new TriggerSpec.Push(List.of(new GlobPattern("main"))),
                new TriggerSpec.Tag(List.of()),
                new TriggerSpec.PullRequest(),
                new TriggerSpec.Manual()),
            null,
            List.of(
                new PlanStep(
                    "stage",
                    new StepPath("verify"),
                    "",
                    "A.java:2",
                    false,
                    null,
                    1,
                    List.of(lint),
                    List.of(),
                    List.of())));
    assertThat(Json.read(Json.bytes(plan), Plan.class)).isEqualTo(plan);
    assertThat(plan.addressedSteps())
        .extracting(PlanStep::path)
        .containsExactly(new StepPath("verify"), new StepPath("verify/lint"));
  }

  @Test
  void aPageOfRecordsIsReadWithItsType() {
    byte[] json = "{\"items\":[{\"on\":\"manual\"}],\"next\":null}".getBytes(UTF_8);
    assertThat(Json.read(json, new Json.Generic<Page<TriggerSpec>>() {}).items())
        .containsExactly(new TriggerSpec.Manual());
  }

  @Test
  void duplicateMembersDeepNestingTrailingTextAndEmptyBodiesAreRefused() {
    for (String json :
        List.of("{\"a\":1,\"a\":2}", "[".repeat(300) + "]".repeat(300), "{} {}", "", "nope")) {
      assertThatThrownBy(() -> Json.tree(json.getBytes(UTF_8)))
          .as(json)
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void missingAndMistypedMembersOfATreeAreAbsent() {
    JsonTree tree =
        Json.tree("{\"a\":{\"b\":1},\"c\":null,\"d\":[1,\"x\"],\"e\":\"\"}".getBytes(UTF_8));
    assertThat(tree.at("a", "b", "z").text()).isEmpty();
    assertThat(tree.at("a", "b").text()).isEmpty();
    assertThat(tree.at("a", "b").scalar()).contains("1");
    assertThat(tree.at("c").isPresent()).isFalse();
    assertThat(tree.at("e").text()).isEmpty();
    assertThat(tree.at("d").elements()).hasSize(2);
    assertThat(tree.at("a").elements()).isEmpty();
  }
}
