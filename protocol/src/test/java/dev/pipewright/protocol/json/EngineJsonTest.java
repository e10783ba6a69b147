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
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Concurrency;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.Resources;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.protocol.run.Wait;
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
            new RunEvent.RunStarted("2", 3, new StepPath("a/b"), "the workspace was lost"),
            new RunEvent.RunResumed("2"),
            new RunEvent.StepsReset("a//0", List.of(StepPath.of("a"), new StepPath("a/b"))),
            new RunEvent.StepExpanded(StepPath.of("a"), plan().steps()),
            new RunEvent.Noted("a//0", "answer true"),
            new RunEvent.StepWaiting("a", StepPath.of("a"), wholeWait()),
            new RunEvent.StepWaiting(
                "/0", null, new Wait(Wait.Kind.LOCK, "l", List.of(), List.of(), null)),
            new RunEvent.TestsFound(StepPath.of("a"), new TestCounts(1, 2, 3, 4, 5.25), DIGEST),
            new RunEvent.RunWaiting("ann"),
            new RunEvent.StepStarted(new StepPath("a/b é"), 2),
            new RunEvent.StepFinished(
                StepPath.of("a"),
                Outcome.FAILED,
                "why\n",
                Map.of("version", "\"1\""),
                List.of(new Artifact("x.jar", DIGEST, 7))),
            new RunEvent.StepFinished(StepPath.of("b"), Outcome.SKIPPED, null, Map.of(), List.of()),
            new RunEvent.RunFinished(Outcome.SUCCEEDED, null));
    assertThat(events.stream().map(Object::getClass).distinct().toList())
        .hasSameSizeAs(RunEvent.class.getPermittedSubclasses());
    List<EventEnvelope> envelopes = new ArrayList<>();
    events.forEach(event -> envelopes.add(new EventEnvelope(envelopes.size() + 1, NOW, event)));
    EventBatch batch = new EventBatch(3, envelopes);

    assertThat(Json.read(EngineJson.bytes(batch), EventBatch.class)).isEqualTo(batch);
    assertThat(EngineJson.batch(EngineJson.bytes(batch))).isEqualTo(batch);
    assertThat(EngineJson.events(Json.bytes(envelopes))).isEqualTo(envelopes);
    for (EventEnvelope each : envelopes) {
      assertThat(EngineJson.event(EngineJson.bytes(each))).isEqualTo(each);
    }
  }

  private static Wait wholeWait() {
    return new Wait(
        Wait.Kind.APPROVAL,
        "Ship?",
        List.of("ops"),
        List.of(
            new ParameterSpec(
                "where", ParameterSpec.Kind.CHOICE, "the place", List.of("a", "b"), "b"),
            new ParameterSpec("why", ParameterSpec.Kind.TEXT, "", List.of(), null)),
        NOW);
  }

  private static Answer answer() {
    return new Answer("ship", Answer.Verdict.APPROVED, "ann", null, NOW, Map.of("where", "a"));
  }

  @Test
  void eventsOfAServerWithoutLaterMembersAreRead() {
    String json =
        """
        {"seq":1,"at":"2026-01-02T03:04:05Z","event":{"path":"a","outcome":"SUCCEEDED",
        "type":"step-finished"}}""";

    assertThat(EngineJson.event(json.getBytes(StandardCharsets.UTF_8)).event())
        .isEqualTo(
            new RunEvent.StepFinished(
                StepPath.of("a"), Outcome.SUCCEEDED, null, Map.of(), List.of()));
  }

  @Test
  void stepsNestedFiftyLevelsDeepTravel() {
    PlanStep inner = plan().steps().getFirst();
    for (int level = 0; level < 50; level++) {
      inner =
          new PlanStep("stage", null, "", "", false, null, 1, List.of(inner), List.of(), List.of());
    }
    EventEnvelope deep =
        new EventEnvelope(1, NOW, new RunEvent.StepExpanded(StepPath.of("a"), List.of(inner)));

    assertThat(EngineJson.event(EngineJson.bytes(deep))).isEqualTo(deep);
  }

  @Test
  void whatAnEngineAsksForIsWrittenSoThatTheServerReadsIt() {
    SecretsRequest secrets = new SecretsRequest(3, StepPath.of("a"), List.of("KEY", "OTHER"));
    LockRequest lock = new LockRequest(3, "prod \"x\"", "a//lock prod");
    DownstreamRequest downstream =
        new DownstreamRequest(3, "t", new PipelineName("shop"), Map.of("v", "1"), true);
    CacheEntry cache = new CacheEntry(3, "maven-1", DIGEST, 77);
    SideRequest side = new SideRequest(3, "k", "db", "postgres:17", List.of("sh", "x"));
    SideEnd end = new SideEnd(3, "k");

    assertThat(Json.read(EngineJson.bytes(secrets), SecretsRequest.class)).isEqualTo(secrets);
    assertThat(Json.read(EngineJson.bytes(lock), LockRequest.class)).isEqualTo(lock);
    assertThat(Json.read(EngineJson.bytes(downstream), DownstreamRequest.class))
        .isEqualTo(downstream);
    assertThat(Json.read(EngineJson.bytes(cache), CacheEntry.class)).isEqualTo(cache);
    assertThat(Json.read(EngineJson.bytes(side), SideRequest.class)).isEqualTo(side);
    assertThat(Json.read(EngineJson.bytes(end), SideEnd.class)).isEqualTo(end);
  }

  @Test
  void whatTheServerAnswersIsReadAsItIsWritten() {
    LockAnswer lock = new LockAnswer(false, 0, "shop#41", 2);
    SecretValues secrets = new SecretValues(Map.of("KEY", "v"));
    CacheAnswer none = new CacheAnswer(null, 0, "no such key");
    CacheAnswer hit = new CacheAnswer(DIGEST, 5, "stored by shop#41");
    SideView side = new SideView("k", SideView.State.ENDED, 3, "over", "ready\n");
    SideView running = new SideView("k", SideView.State.RUNNING, null, null);
    Problem problem = Problem.of(Problem.Code.FENCED, "Another engine.", null);
    DeliveryAccepted accepted = new DeliveryAccepted("d1", Verdict.BUILD, "wanted", false);

    assertThat(EngineJson.lockAnswer(Json.bytes(lock))).isEqualTo(lock);
    assertThat(EngineJson.secrets(Json.bytes(secrets))).isEqualTo(secrets);
    assertThat(EngineJson.cacheAnswer(Json.bytes(none))).isEqualTo(none);
    assertThat(EngineJson.cacheAnswer(Json.bytes(hit))).isEqualTo(hit);
    assertThat(EngineJson.side(Json.bytes(side))).isEqualTo(side);
    assertThat(EngineJson.side(Json.bytes(running))).isEqualTo(running);
    assertThat(EngineJson.problem(Json.bytes(problem))).isEqualTo(problem);
    assertThat(EngineJson.deliveryId(Json.bytes(accepted))).isEqualTo("d1");
  }

  @Test
  void secretsThatCannotBeReadAreNotRepeatedInTheMessage() {
    byte[] json = "{\"values\":{\"KEY\":hush}}".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> EngineJson.secrets(json))
        .isInstanceOf(ProtocolException.class)
        .hasMessageNotContaining("hush")
        .hasNoCause();
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
            List.of(),
            new StepNeeds(
                List.of("KEY"), List.of("l"), "node:22", List.of("db=x"), List.of("*.jar"), true));
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
            new TriggerSpec.PullRequest(
                new TriggerSpec.Paths(
                    List.of(new GlobPattern("src/**")), List.of(new GlobPattern("**.md")))),
            new TriggerSpec.Cron("0 3 * * *", "Europe/Berlin"),
            new TriggerSpec.Manual()),
        "debian:12",
        List.of(stage),
        new Concurrency(2, Concurrency.Superseded.CANCELLED),
        new Resources(1L << 30, 0.5));
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
    Assignment resumed =
        new Assignment(
            assignment.run(),
            2,
            9,
            assignment.source(),
            assignment.ref(),
            assignment.commit(),
            assignment.cause(),
            DIGEST,
            plan(),
            Map.of(),
            null,
            "/git/shop",
            true,
            new StepPath("s/a"),
            "wanted by ann",
            List.of(answer()),
            Map.of(new StepPath("s/a"), 7L));

    assertThat(EngineJson.assignment(Json.bytes(assignment))).isEqualTo(assignment);
    assertThat(EngineJson.assignment(Json.bytes(resumed))).isEqualTo(resumed);
  }

  @Test
  void aControlIsReadAsTheServerWritesIt() {
    Control cancelled = new Control(true, "ann", "enough", NOW);
    Control answered = new Control(false, null, null, null, List.of(answer()), true);
    Control quiet = new Control(false, null, null, null);

    assertThat(EngineJson.control(Json.bytes(cancelled))).isEqualTo(cancelled);
    assertThat(EngineJson.control(Json.bytes(answered))).isEqualTo(answered);
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
