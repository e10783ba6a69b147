package dev.pipewright.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TriggerSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The hand-written messages of an engine say the same as the general reader and writer. */
final class EngineJsonTest {
  private static final BlobDigest DIGEST = BlobDigest.of(new byte[] {1});
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  @Test
  void everyEventIsWrittenSoThatTheServerReadsIt() {
    List<RunEvent> events =
        List.of(
            new RunEvent.RunStarted("1 \"x\""),
            new RunEvent.StepStarted(new StepPath("a/b é"), 2),
            new RunEvent.StepFinished(
                StepPath.of("a"),
                Outcome.FAILED,
                "why\n",
                Map.of("version", "\"1\""),
                List.of(new Artifact("x.jar", DIGEST, 7))),
            new RunEvent.StepFinished(StepPath.of("b"), Outcome.SKIPPED, null, Map.of(), List.of()),
            new RunEvent.RunFinished(Outcome.SUCCEEDED, null));
    assertThat(events.stream().map(Object::getClass).distinct())
        .hasSameSizeAs(RunEvent.class.getPermittedSubclasses());
    List<EventEnvelope> envelopes = new ArrayList<>();
    events.forEach(event -> envelopes.add(new EventEnvelope(envelopes.size() + 1, NOW, event)));
    EventBatch batch = new EventBatch(3, envelopes);

    assertThat(Json.read(EngineJson.bytes(batch), EventBatch.class)).isEqualTo(batch);
  }

  private static Plan plan() {
    PlanStep inner =
        new PlanStep(
            "sh",
            new StepPath("s/a"),
            "true",
            "P.java:3",
            true,
            60L,
            3,
            List.of(),
            List.of(),
            List.of());
    PlanStep stage =
        new PlanStep(
            "stage",
            null,
            "",
            "P.java:2",
            false,
            null,
            1,
            List.of(inner),
            List.of(inner),
            List.of(inner));
    return new Plan(
        new PipelineName("shop"),
        "P",
        List.of(
            new TriggerSpec.Push(List.of(new GlobPattern("main"), new GlobPattern("r/*"))),
            new TriggerSpec.Tag(List.of()),
            new TriggerSpec.PullRequest(),
            new TriggerSpec.Manual()),
        "debian:12",
        List.of(stage));
  }

  @Test
  void anAssignmentIsReadAsTheServerWritesIt() {
    Assignment assignment =
        new Assignment(
            RunId.parse("shop#42"),
            2,
            9,
            new SourceName("shop"),
            "refs/heads/main",
            new CommitId("a".repeat(40)),
            new Cause("push", "ann", null, "d1"),
            DIGEST,
            plan(),
            Map.of("who", "bob"),
            DIGEST,
            "/git/shop");

    assertThat(EngineJson.assignment(Json.bytes(assignment))).isEqualTo(assignment);
  }

  @Test
  void aControlIsReadAsTheServerWritesIt() {
    Control cancelled = new Control(true, "ann", "enough", NOW);
    Control quiet = new Control(false, null, null, null);

    assertThat(EngineJson.control(Json.bytes(cancelled))).isEqualTo(cancelled);
    assertThat(EngineJson.control(Json.bytes(quiet))).isEqualTo(quiet);
  }

  @Test
  void membersOfALaterVersionArePassedOver() {
    byte[] json = "{\"later\":{\"x\":[1,{}]},\"finished\":true}".getBytes(StandardCharsets.UTF_8);

    assertThat(EngineJson.control(json).finished()).isTrue();
  }

  @Test
  void anythingElseIsRefusedWithAReason() {
    for (String text : List.of("", "[]", "{", "{\"run\":7}", "{\"run\":null}", "{}")) {
      assertThatThrownBy(() -> EngineJson.assignment(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(ProtocolException.class)
          .hasMessageStartingWith("Could not read an assignment");
    }
  }
}
