package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TriggerSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that tests share: a small shop with a stage and a step. */
public final class Samples {
  public static final SourceName SHOP = new SourceName("shop");
  public static final CommitId COMMIT = new CommitId("0123456789abcdef0123456789abcdef01234567");
  public static final BlobDigest BUNDLE = BlobDigest.of("bundle".getBytes(StandardCharsets.UTF_8));
  public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  public static final StepPath VERIFY = new StepPath("verify");
  public static final StepPath LINT = new StepPath("verify/lint");
  public static final StepPath TESTS = new StepPath("verify/tests");
  public static final StepPath DEPLOY = new StepPath("deploy");

  private Samples() {}

  public static SourceSpec source() {
    return new SourceSpec(SHOP, "https://git.example/shop.git", null, "s3cret", null, "main");
  }

  /** A version that was built of the shop's pipeline code. */
  static PipelineVersion version(String key) {
    RunId builtBy = new RunId(PipelineName.codeOf(SHOP), 1);
    return new PipelineVersion(key, SHOP, "tree", BUNDLE, List.of(), builtBy, NOON);
  }

  public static PlanStep leaf(StepPath path) {
    return step("sh", path, List.of());
  }

  public static PlanStep step(String kind, @Nullable StepPath path, List<PlanStep> inside) {
    return new PlanStep(
        kind, path, "", "ShopPipeline.java:1", false, null, 1, inside, List.of(), List.of());
  }

  public static Plan plan(String pipeline) {
    return new Plan(
        new PipelineName(pipeline),
        "ShopPipeline",
        List.of(new TriggerSpec.Push(List.of())),
        null,
        List.of(
            step(
                "stage",
                VERIFY,
                List.of(step("inParallel", null, List.of(leaf(LINT), leaf(TESTS))))),
            leaf(DEPLOY)));
  }

  public static NewRun order(String pipeline, String key) {
    return order(pipeline, key, "refs/heads/main");
  }

  public static NewRun order(String pipeline, String key, String ref) {
    return new NewRun(
        key,
        SHOP,
        ref,
        COMMIT,
        new Cause("push", "ann", "Add a shelf", "shop.1"),
        "shop-1",
        BUNDLE,
        plan(pipeline),
        Map.of(),
        null,
        false,
        null,
        Origin.TRUSTED);
  }

  /** The same order from another source. */
  public static NewRun from(SourceName source, NewRun order) {
    return new NewRun(
        order.key(),
        source,
        order.ref(),
        order.commit(),
        order.cause(),
        order.versionKey(),
        order.bundle(),
        order.plan(),
        order.parameters(),
        order.seed(),
        order.isolated(),
        order.timeLimitSeconds(),
        order.origin());
  }

  /** The same order with another plan. */
  public static NewRun planned(Plan plan, NewRun order) {
    return new NewRun(
        order.key(),
        order.source(),
        order.ref(),
        order.commit(),
        order.cause(),
        order.versionKey(),
        order.bundle(),
        plan,
        order.parameters(),
        order.seed(),
        order.isolated(),
        order.timeLimitSeconds(),
        order.origin());
  }

  public static DeliveryReceipt receipt(@Nullable String forgeId, Verdict verdict) {
    return new DeliveryReceipt(
        SHOP,
        forgeId,
        "push",
        verdict,
        "Pushed.",
        List.of(
            new RefChange(ChangeKind.PUSH, "refs/heads/main", COMMIT, "ann", "Add a shelf", null)));
  }

  public static EventEnvelope event(long seq, RunEvent event) {
    return new EventEnvelope(seq, NOON.plusSeconds(seq), event);
  }

  public static EventEnvelope began(long seq) {
    return event(seq, new RunEvent.RunStarted("0.1.0"));
  }

  public static EventEnvelope began(long seq, StepPath path) {
    return event(seq, new RunEvent.StepStarted(path, 1));
  }

  public static EventEnvelope ended(long seq, StepPath path, Outcome outcome) {
    return event(seq, new RunEvent.StepFinished(path, outcome, null, Map.of(), List.of()));
  }

  public static EventEnvelope ended(long seq, Outcome outcome) {
    return event(seq, new RunEvent.RunFinished(outcome, null));
  }

  /** A plan of one step that asks for a secret. */
  static Plan planNeeding(String pipeline, StepPath step, String secret) {
    StepNeeds needs = new StepNeeds(List.of(secret), List.of(), null, List.of(), List.of(), false);
    PlanStep only =
        new PlanStep("sh", step, "", "", false, null, 1, List.of(), List.of(), List.of(), needs);
    return new Plan(new PipelineName(pipeline), "Shop", List.of(), null, List.of(only));
  }
}
