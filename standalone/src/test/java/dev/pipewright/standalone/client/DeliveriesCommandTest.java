package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveriesCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static List<String> row(
      DeliveryState state, List<RunId> runs, @Nullable String problem, @Nullable Instant next) {
    return DeliveriesCommand.row(
        new DeliveryView(
            "shop.1",
            new SourceName("shop"),
            "push",
            Verdict.BUILD,
            "Pushed.",
            List.of(),
            runs,
            NOON,
            state,
            problem,
            2,
            next));
  }

  @Test
  void aRowSaysWhereTheDeliveryStandsAndWhatCameOfIt() {
    assertThat(row(DeliveryState.DONE, List.of(RunId.parse("shop#7")), null, null))
        .contains("shop.1", "DONE", "shop#7", "Pushed.");
    assertThat(row(DeliveryState.FAILED, List.of(), "It does not compile.", null))
        .contains("FAILED", "no run", "It does not compile.");
    assertThat(row(DeliveryState.BUILDING, List.of(), null, null)).contains("no run yet");
  }

  @Test
  void aRowSaysWhenTheNextAttemptIs() {
    assertThat(row(DeliveryState.RECEIVED, List.of(), "The git server is away.", NOON))
        .contains("attempt 3 at " + Texts.time(NOON), "The git server is away.");
  }
}
