package dev.pipewright.standalone.client;

import static dev.pipewright.protocol.run.ParameterSpec.Kind.BOOL;
import static dev.pipewright.protocol.run.ParameterSpec.Kind.CHOICE;
import static dev.pipewright.protocol.run.ParameterSpec.Kind.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.run.ParameterSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterQuestionsTest {
  private static final ParameterSpec VERSION =
      new ParameterSpec("version", TEXT, "what to ship", List.of(), null);
  private static final ParameterSpec TARGET =
      new ParameterSpec("target", CHOICE, "", List.of("blue", "green"), "blue");
  private static final ParameterSpec FORCE = new ParameterSpec("force", BOOL, "", List.of(), null);
  private static final List<ParameterSpec> ALL = List.of(VERSION, TARGET, FORCE);

  @Test
  void everyProblemIsNamedAtOnce() {
    assertThat(
            ParameterQuestions.problems(ALL, Map.of("target", "red", "force", "maybe", "x", "1")))
        .containsExactly(
            "There is no parameter 'x'. There is version, target, force.",
            "'version' must be given.",
            "'target' is one of blue, green.",
            "'force' is true or false.");
    assertThat(ParameterQuestions.problems(ALL, Map.of("version", "1", "force", "true"))).isEmpty();
  }

  @Test
  void defaultsFillWhatIsNotGiven() {
    assertThat(ParameterQuestions.withDefaults(ALL, Map.of("version", "1")))
        .isEqualTo(Map.of("version", "1", "target", "blue"));
  }

  @Test
  void itAsksAgainUntilAnAnswerCanBeUsed() {
    Deque<String> typed = new ArrayDeque<>(List.of("", "v2", "red", "", "perhaps", "yes"));
    List<String> asked = new ArrayList<>();
    Map<String, String> values =
        ParameterQuestions.complete(
            ALL,
            Map.of(),
            _ -> true,
            question -> {
              asked.add(question);
              return typed.remove();
            });
    assertThat(values).isEqualTo(Map.of("version", "v2", "target", "blue", "force", "true"));
    assertThat(asked)
        .containsExactly(
            "version, what to ship (text): ",
            "A value is needed. version, what to ship (text): ",
            "target (one of blue, green, default blue): ",
            "'target' is one of blue, green. target (one of blue, green, default blue): ",
            "force (true or false): ",
            "'force' is true or false. force (true or false): ");
  }

  @Test
  void whatIsGivenOrNotWantedIsNotAskedFor() {
    Map<String, String> values =
        ParameterQuestions.complete(
            ALL,
            Map.of("version", "1"),
            spec -> spec.defaultValue() == null,
            question -> question.startsWith("force") ? "n" : "unexpected: " + question);
    assertThat(values).isEqualTo(Map.of("version", "1", "force", "false"));
  }
}
