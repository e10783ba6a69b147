package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.state.RunTransitions.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunTransitionsTest {
  private static final Path DIAGRAM = Path.of("..", "docs", "run-states.md");

  /** Every state by every signal, in the order of the enums; {@code -} is refused. */
  private static final String TABLE =
      """
      QUEUED:   CLAIMED - - - - - - - - - - QUEUED FINISHED - WAITING
      CLAIMED:  - QUEUED LAUNCHED RUNNING - - FINISHED QUEUED FINISHED QUEUED - CLAIMED - - -
      LAUNCHED: - QUEUED LAUNCHED RUNNING - - FINISHED QUEUED FINISHED QUEUED - LAUNCHED - - -
      RUNNING:  - - RUNNING - RUNNING WAITING FINISHED QUEUED FINISHED QUEUED - RUNNING - - -
      WAITING:  - - WAITING - - - - WAITING WAITING WAITING QUEUED WAITING FINISHED - -
      FINISHED: - - FINISHED - - - - FINISHED FINISHED - - - - QUEUED -
      """;

  @Test
  void everyPairIsDeclared() {
    StringBuilder found = new StringBuilder();
    for (RunState state : RunState.values()) {
      List<String> row = new ArrayList<>();
      for (RunSignal signal : RunSignal.values()) {
        row.add(
            switch (RunTransitions.next(state, signal)) {
              case Move.To(RunState next) -> next.name();
              case Move.Refused(String why) -> {
                assertThat(why).endsWith(".");
                yield "-";
              }
            });
      }
      found.append("%-9s %s%n".formatted(state + ":", String.join(" ", row)));
    }
    assertThat(found).hasToString(TABLE);
  }

  @Test
  void whatIsOverStaysOverUnlessSomebodyWantsItAgain() {
    for (RunSignal signal : RunSignal.values()) {
      if (signal == RunSignal.RERUN) {
        continue;
      }
      Move move = RunTransitions.next(RunState.FINISHED, signal);
      assertThat(move instanceof Move.To(RunState next) && next != RunState.FINISHED).isFalse();
    }
  }

  @Test
  void theDiagramInTheDocsIsThatOfTheTable() throws IOException {
    String expected = diagram();
    String found = Files.exists(DIAGRAM) ? Files.readString(DIAGRAM) : "";
    if (Boolean.getBoolean("pipewright.write-docs")) {
      Files.writeString(DIAGRAM, expected);
      found = expected;
    }
    assertThat(found)
        .as(
            "docs/run-states.md; make it again with: mvn test -pl state-controller"
                + " -Dtest=RunTransitionsTest -Dpipewright.write-docs=true")
        .isEqualTo(expected);
  }

  private static String diagram() {
    StringBuilder lines =
        new StringBuilder(
            """
            # The states of a run

            Made from `RunTransitions` by its test; do not edit by hand. What is not drawn is refused.

            ```mermaid
            stateDiagram-v2
              [*] --> QUEUED
            """);
    for (RunState state : RunState.values()) {
      Map<String, List<String>> arrows = new TreeMap<>();
      for (RunSignal signal : RunSignal.values()) {
        if (RunTransitions.next(state, signal) instanceof Move.To(RunState next)) {
          arrows.computeIfAbsent(next.name(), any -> new ArrayList<>()).add(signal.name());
        }
      }
      arrows.forEach(
          (next, signals) ->
              lines.append("  %s --> %s: %s%n".formatted(state, next, String.join(", ", signals))));
    }
    return lines.append("  FINISHED --> [*]\n```\n").toString();
  }
}
