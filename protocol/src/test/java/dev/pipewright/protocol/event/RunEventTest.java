package dev.pipewright.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RunEventTest {
  private static final StepPath LINT = new StepPath("verify/lint");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  /** One sample of every event and the JSON it is written as. */
  private static final Map<RunEvent, String> SAMPLES =
      Map.of(
          new RunEvent.RunStarted("0.1.0"),
          "{\"type\":\"run-started\",\"engine\":\"0.1.0\"}",
          new RunEvent.StepStarted(LINT, 2),
          "{\"type\":\"step-started\",\"path\":\"verify/lint\",\"attempt\":2}",
          new RunEvent.StepFinished(
              LINT,
              Outcome.FAILED,
              "exit code 1",
              Map.of("version", "\"1.0\""),
              List.of(new Artifact("a.txt", BlobDigest.of(new byte[0]), 0))),
          "{\"type\":\"step-finished\",\"path\":\"verify/lint\",\"outcome\":\"FAILED\",\"reason\":\"exit code 1\","
              + "\"outputs\":{\"version\":\"\\\"1.0\\\"\"},\"artifacts\":[{\"path\":\"a.txt\",\"digest\":\"sha256:"
              + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":0}]}",
          new RunEvent.RunFinished(Outcome.SUCCEEDED, null),
          "{\"type\":\"run-finished\",\"outcome\":\"SUCCEEDED\",\"reason\":null}");

  @Test
  void everyEventHasASample() {
    assertThat(SAMPLES.keySet().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(RunEvent.class.getPermittedSubclasses()));
  }

  @Test
  void everyEventIsWrittenAsItsSampleAndReadBack() {
    SAMPLES.forEach(
        (event, json) -> {
          assertThat(Json.text(event)).isEqualTo(json);
          EventEnvelope envelope = new EventEnvelope(7, AT, event);
          assertThat(Json.read(Json.bytes(envelope), EventEnvelope.class)).isEqualTo(envelope);
        });
  }

  @Test
  void anUnknownEventIsRefusedByName() {
    assertThatThrownBy(() -> Json.read("{\"type\":\"exploded\"}", RunEvent.class))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("exploded");
  }
}
