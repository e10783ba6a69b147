package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.state.DeliveryTransitions.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeliveryTransitionsTest {
  private static final Path DIAGRAM = Path.of("..", "docs", "delivery-states.md");

  /** Every state by every signal, in the order of the enums; {@code -} is refused. */
  private static final String TABLE =
      """
      RECEIVED: BUILDING - - - - RECEIVED
      BUILDING: BUILDING PLANNED RECEIVED FAILED - -
      PLANNED:  - - - - DONE -
      DONE:     - - - - - RECEIVED
      FAILED:   - - - - - RECEIVED
      """;

  @Test
  void everyPairIsDeclared() {
    StringBuilder found = new StringBuilder();
    for (DeliveryState state : DeliveryState.values()) {
      List<String> row = new ArrayList<>();
      for (DeliverySignal signal : DeliverySignal.values()) {
        row.add(
            switch (DeliveryTransitions.next(state, signal)) {
              case Move.To(DeliveryState next) -> next.name();
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
  void theDiagramInTheDocsIsThatOfTheTable() throws IOException {
    String expected = diagram();
    String found = Files.exists(DIAGRAM) ? Files.readString(DIAGRAM) : "";
    if (Boolean.getBoolean("pipewright.write-docs")) {
      Files.writeString(DIAGRAM, expected);
      found = expected;
    }
    assertThat(found)
        .as(
            "docs/delivery-states.md; make it again with: mvn test -pl state-controller"
                + " -Dtest=DeliveryTransitionsTest -Dpipewright.write-docs=true")
        .isEqualTo(expected);
  }

  private static String diagram() {
    StringBuilder lines =
        new StringBuilder(
            """
            # The states of a delivery

            Made from `DeliveryTransitions` by its test; do not edit by hand. What is not drawn is refused. A delivery that asks
            for no run begins in DONE. [webhooks.md](webhooks.md) says what the states mean.

            ```mermaid
            stateDiagram-v2
              [*] --> RECEIVED
              [*] --> DONE
            """);
    for (DeliveryState state : DeliveryState.values()) {
      Map<String, List<String>> arrows = new TreeMap<>();
      for (DeliverySignal signal : DeliverySignal.values()) {
        if (DeliveryTransitions.next(state, signal) instanceof Move.To(DeliveryState next)) {
          arrows.computeIfAbsent(next.name(), any -> new ArrayList<>()).add(signal.name());
        }
      }
      arrows.forEach(
          (next, signals) ->
              lines.append("  %s --> %s: %s%n".formatted(state, next, String.join(", ", signals))));
    }
    return lines.append("  DONE --> [*]\n  FAILED --> [*]\n```\n").toString();
  }
}
