package dev.pipewright.ui.http;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Mending;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.protocol.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records as a State-Controller would answer them, relative to one instant. */
final class Samples {
  private static final List<String> PEOPLE =
      List.of("Ada Lovelace", "Grace Hopper", "Alan Turing", "Barbara Liskov", "Edsger Dijkstra");
  private static final List<String> MESSAGES =
      List.of(
          "Make the basket survive a restart",
          "Raise the limit of open orders to 500",
          "Fix the rounding of VAT in Swiss invoices",
          "Say why a payment was refused",
          "Take the new address format from the post office");

  private final Instant now;

  Samples(Instant now) {
    this.now = now;
  }

  /** How a sample run ended, or where it stands while {@code outcome} is null. */
  record Ending(Phase phase, @Nullable Outcome outcome, @Nullable String reason) {
    static Ending running() {
      return new Ending(Phase.RUNNING, null, null);
    }

    static Ending of(Outcome outcome, @Nullable String reason) {
      return new Ending(Phase.FINISHED, outcome, reason);
    }
  }

  /** A run that was queued {@code age} ago and took {@code seconds} if it is over. */
  RunSnapshot run(String pipeline, long number, Ending ending, Duration age, long seconds) {
    int pick = Math.floorMod(pipeline.hashCode() + (int) number, PEOPLE.size());
    return run(pipeline, number, ending, age, seconds, cause(PEOPLE.get(pick), MESSAGES.get(pick)));
  }

  static Cause cause(String by, String message) {
    return new Cause("push", by, message, "shop.5f2c1e");
  }

  RunSnapshot run(
      String pipeline, long number, Ending ending, Duration age, long seconds, Cause cause) {
    Instant queued = now.minus(age);
    boolean begun = ending.phase() != Phase.QUEUED;
    Instant started = begun ? queued.plusMillis(1400) : null;
    Instant finished =
        started != null && ending.phase() == Phase.FINISHED ? started.plusSeconds(seconds) : null;
    return new RunSnapshot(
        new RunId(new PipelineName(pipeline), number),
        new PipelineName(pipeline),
        number,
        1,
        ending.phase(),
        ending.outcome(),
        ending.reason(),
        new SourceName("shop"),
        "refs/heads/main",
        commit(number),
        cause,
        queued,
        started,
        finished,
        null,
        new BlobDigest("sha256:" + "%02x".formatted(number / 8 % 256).repeat(32)),
        "maven:3.9-eclipse-temurin-25@sha256:" + "c0".repeat(32),
        1,
        List.of(),
        null,
        List.of(),
        List.of(),
        Origin.TRUSTED,
        null);
  }

  static CommitId commit(long number) {
    return new CommitId(
        String.format("%016x", 0x5f2c1e7b00d14a3L * (number + 7)).repeat(3).substring(0, 40));
  }

  /** A pipeline with that last outcome and, if wanted, a run going on. */
  PipelineView pipeline(String name, @Nullable Outcome outcome, @Nullable Ending current) {
    int seed = Math.floorMod(name.hashCode(), 97);
    long typical = 40 + seed * 3L;
    List<PipelineView.Recent> recent = new ArrayList<>();
    for (int i = 0; i < 12 && outcome != null; i++) {
      boolean red = (seed + i * 7) % 11 == 0;
      recent.add(
          new PipelineView.Recent(
              30 + i,
              i == 11 ? outcome : red ? Outcome.FAILED : Outcome.SUCCEEDED,
              typical * (70 + (seed * (i + 3)) % 60) / 100));
    }
    RunSnapshot last =
        outcome == null
            ? null
            : run(name, 41, Ending.of(outcome, null), Duration.ofMinutes(9 + seed), typical);
    RunSnapshot going =
        current == null
            ? null
            : asked(run(name, 42, current, Duration.ofSeconds(typical * 2 / 3), 0));
    boolean broken = outcome != null && outcome.isBroken();
    return new PipelineView(
        new PipelineName(name),
        new SourceName("shop"),
        current == null ? (outcome == null ? Phase.PENDING : Phase.FINISHED) : current.phase(),
        outcome,
        outcome == null ? null : now.minus(Duration.ofMinutes(broken ? 17 + seed * 9L : 3000)),
        broken ? PEOPLE.get(seed % PEOPLE.size()) : null,
        outcome == null ? null : typical,
        last,
        going,
        recent,
        null,
        current != null && current.phase() == Phase.WAITING ? 1 : 0);
  }

  /** The pipeline with somebody on it, or nobody. */
  static PipelineView mended(PipelineView pipeline, @Nullable Mending mending) {
    return new PipelineView(
        pipeline.name(),
        pipeline.source(),
        pipeline.state(),
        pipeline.outcome(),
        pipeline.since(),
        pipeline.brokenBy(),
        pipeline.typicalSeconds(),
        pipeline.lastFinished(),
        pipeline.current(),
        pipeline.recent(),
        mending,
        pipeline.waiting());
  }

  /** The pipeline with so many runs that wait. */
  static PipelineView waiting(PipelineView pipeline, int waiting) {
    return new PipelineView(
        pipeline.name(),
        pipeline.source(),
        pipeline.state(),
        pipeline.outcome(),
        pipeline.since(),
        pipeline.brokenBy(),
        pipeline.typicalSeconds(),
        pipeline.lastFinished(),
        pipeline.current(),
        pipeline.recent(),
        pipeline.mending(),
        waiting);
  }

  /** A run that waits asks whether to ship. */
  private RunSnapshot asked(RunSnapshot run) {
    if (run.state() != Phase.WAITING) {
      return run;
    }
    Wait question = new Wait(Wait.Kind.APPROVAL, "Ship to production?", List.of(), List.of(), null);
    Instant since = now.minus(Duration.ofMinutes(26));
    OpenWait wait = new OpenWait("ship", new StepPath("ship"), question, since);
    return standing(run, Phase.WAITING, null, 1, List.of(wait));
  }

  static PlanStep step(String kind, @Nullable String path, String detail, PlanStep... steps) {
    StepPath address = path == null ? null : new StepPath(path);
    return new PlanStep(
        kind,
        address,
        detail,
        "ShopPipeline.java:27",
        false,
        null,
        1,
        List.of(steps),
        List.of(),
        List.of());
  }

  /** The plan of a shop: checkout, a stage with parallel checks, packaging, a deploy. */
  static Plan plan(String pipeline) {
    PlanStep deploy =
        new PlanStep(
            "step",
            new StepPath("deploy"),
            "",
            "ShopPipeline.java:40",
            false,
            600L,
            2,
            List.of(),
            List.of(step("sh", "deploy/roll back", "./rollback.sh")),
            List.of(step("sh", "deploy/announce", "./announce.sh")));
    return new Plan(
        new PipelineName(pipeline),
        "ShopPipeline",
        List.of(new TriggerSpec.Push(List.of())),
        null,
        List.of(
            step("checkout", "checkout", ""),
            step(
                "stage",
                "verify",
                "",
                step(
                    "inParallel",
                    null,
                    "",
                    step("sh", "verify/unit tests", "mvn -B -q test"),
                    step("sh", "verify/lint", "npm run lint"),
                    step("sh", "verify/integration", "mvn -B -q verify -Pit"))),
            step("sh", "package", "mvn -B -q package -DskipTests"),
            step("onBranch", null, "main", deploy)));
  }

  /** A step of a run; {@code begin} and {@code end} are seconds after the start of the run. */
  static StepSnapshot stepOf(
      RunSnapshot run, String path, Ending ending, @Nullable Long begin, @Nullable Long end) {
    Instant origin = run.startedAt() == null ? run.queuedAt() : run.startedAt();
    return new StepSnapshot(
        new StepPath(path),
        "sh",
        ending.phase(),
        ending.outcome(),
        ending.reason(),
        begin == null ? null : origin.plusSeconds(begin),
        end == null ? null : origin.plusSeconds(end),
        1,
        false,
        0,
        List.of());
  }

  /** The step with so many bytes of output. */
  static StepSnapshot printed(StepSnapshot step, long bytes) {
    return new StepSnapshot(
        step.path(),
        step.kind(),
        step.state(),
        step.outcome(),
        step.reason(),
        step.startedAt(),
        step.finishedAt(),
        step.attempt(),
        step.allowFailure(),
        bytes,
        step.artifacts());
  }

  /** The run with these steps and the plan of the shop. */
  static RunSnapshot withSteps(RunSnapshot run, List<StepSnapshot> steps) {
    Plan plan = plan(run.pipeline().value());
    Standing same = new Standing(run.state(), run.outcome(), run.attempt());
    return with(run, same, steps, plan, run.waits(), run.attempts());
  }

  /** The run with the same steps, but in that state and attempt, waiting for these. */
  static RunSnapshot standing(
      RunSnapshot run, Phase state, @Nullable Outcome outcome, int attempt, List<OpenWait> waits) {
    Standing now = new Standing(state, outcome, attempt);
    return with(run, now, run.steps(), run.plan(), waits, run.attempts());
  }

  /** When a run that is over ended. */
  static Instant endOf(RunSnapshot run) {
    return Objects.requireNonNull(run.finishedAt());
  }

  /** The run with these earlier attempts. */
  static RunSnapshot withAttempts(RunSnapshot run, List<PastAttempt> attempts) {
    Standing same = new Standing(run.state(), run.outcome(), run.attempt());
    return with(run, same, run.steps(), run.plan(), run.waits(), attempts);
  }

  private record Standing(Phase state, @Nullable Outcome outcome, int attempt) {}

  private static RunSnapshot with(
      RunSnapshot run,
      Standing standing,
      List<StepSnapshot> steps,
      @Nullable Plan plan,
      List<OpenWait> waits,
      List<PastAttempt> attempts) {
    boolean over = standing.state() == Phase.FINISHED;
    return new RunSnapshot(
        run.id(),
        run.pipeline(),
        run.number(),
        standing.attempt(),
        standing.state(),
        standing.outcome(),
        over ? run.reason() : null,
        run.source(),
        run.ref(),
        run.commit(),
        run.cause(),
        run.queuedAt(),
        run.startedAt(),
        over ? run.finishedAt() : null,
        run.cancelRequestedBy(),
        run.bundle(),
        run.image(),
        run.version() + 1,
        steps,
        plan,
        waits,
        attempts,
        run.origin(),
        run.used());
  }

  /** The run with what it took up. */
  static RunSnapshot using(RunSnapshot run, ResourceUse used) {
    return new RunSnapshot(
        run.id(),
        run.pipeline(),
        run.number(),
        run.attempt(),
        run.state(),
        run.outcome(),
        run.reason(),
        run.source(),
        run.ref(),
        run.commit(),
        run.cause(),
        run.queuedAt(),
        run.startedAt(),
        run.finishedAt(),
        run.cancelRequestedBy(),
        run.bundle(),
        run.image(),
        run.version() + 1,
        run.steps(),
        run.plan(),
        run.waits(),
        run.attempts(),
        run.origin(),
        used);
  }
}
