package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.RefResult.StageResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as it is kept: whose it is and what its runs gave, so that the overview needs no look
 * at the runs. Immutable.
 *
 * @param latest its last finished runs without steps and plan, newest number first
 * @param results the last result per ref
 * @param mender who is on it while it is broken; null if nobody is
 */
public record PipelineRecord(
    PipelineName name,
    SourceName source,
    List<RunSnapshot> latest,
    Map<String, RefResult> results,
    @Nullable Mender mender) {
  private static final int MOST_LATEST = 30;
  private static final int MOST_REFS = 100;

  public PipelineRecord {
    latest = List.copyOf(latest);
    results = sharing(results, latest);
  }

  /** The same results with the very runs that are among the latest, so that each is kept once. */
  private static Map<String, RefResult> sharing(
      Map<String, RefResult> results, List<RunSnapshot> latest) {
    Map<String, RefResult> shared = new HashMap<>(results);
    shared.replaceAll(
        (ref, result) ->
            latest.stream()
                .filter(result.last()::equals)
                .findFirst()
                .map(result::with)
                .orElse(result));
    return Map.copyOf(shared);
  }

  /** Who is on the last result of {@code ref}, since when. */
  public record Mender(String by, Instant since, String ref) {}

  /** The same with somebody else on it, or nobody. */
  PipelineRecord with(@Nullable Mender other) {
    return new PipelineRecord(name, source, latest, results, other);
  }

  /** A pipeline of which nothing ran yet. */
  static PipelineRecord fresh(PipelineName name, SourceName source) {
    return new PipelineRecord(name, source, List.of(), Map.of(), null);
  }

  /** True if {@link #after} has seen this run, or a later attempt of it. */
  boolean knows(RunSnapshot run) {
    return latest.stream()
        .anyMatch(known -> known.number() == run.number() && known.attempt() >= run.attempt());
  }

  /**
   * This pipeline after {@code run}, with its steps and plan, has finished. Of many refs the ones
   * with the oldest results are forgotten, but never {@code defaultBranch}, if one is configured.
   */
  PipelineRecord after(RunSnapshot run, @Nullable String defaultBranch) {
    List<RunSnapshot> finished = new ArrayList<>(latest);
    finished.removeIf(known -> known.number() == run.number());
    finished.add(run.summary());
    finished.sort(Comparator.comparingLong(RunSnapshot::number).reversed());
    Map<String, RefResult> next = new HashMap<>(results);
    Mender still = mender;
    RefResult old = results.get(run.ref());
    if (isResult(run.outcome()) && (old == null || !isNewer(old.last(), run))) {
      next.put(run.ref(), result(old, run));
      forgetOldRefs(next, defaultBranch);
      still = mender != null && mender.ref().equals(run.ref()) && !isBroken(run) ? null : mender;
    }
    return new PipelineRecord(
        name, source, finished.subList(0, Math.min(MOST_LATEST, finished.size())), next, still);
  }

  /** This pipeline without these runs among the latest ones. */
  PipelineRecord without(Collection<Long> numbers) {
    return new PipelineRecord(
        name,
        source,
        latest.stream().filter(run -> !numbers.contains(run.number())).toList(),
        results,
        mender);
  }

  /** What the end of {@code run} means for its ref, if {@link #after} has not seen the run. */
  Optional<NotificationEvent> news(RunSnapshot run) {
    RefResult old = results.get(run.ref());
    if (!isResult(run.outcome()) || (old != null && isNewer(old.last(), run))) {
      return Optional.empty();
    }
    boolean wasBroken = old != null && isBroken(old.last());
    if (isBroken(run)) {
      return Optional.of(wasBroken ? NotificationEvent.FAILED : NotificationEvent.BROKE);
    }
    return wasBroken ? Optional.of(NotificationEvent.FIXED) : Optional.empty();
  }

  private static boolean isNewer(RunSnapshot one, RunSnapshot other) {
    return one.number() == other.number()
        ? one.attempt() >= other.attempt()
        : one.number() > other.number();
  }

  private static boolean isResult(@Nullable Outcome outcome) {
    return outcome != null && outcome != Outcome.CANCELLED && outcome != Outcome.SKIPPED;
  }

  private static RefResult result(@Nullable RefResult old, RunSnapshot run) {
    boolean broken = isBroken(run);
    boolean same = old != null && isBroken(old.last()) == broken;
    Instant since = same && old != null ? old.since() : finishedAt(run);
    @Nullable String brokenBy = null;
    if (broken) {
      brokenBy = same && old != null ? old.brokenBy() : run.cause().by();
    }
    return new RefResult(run.summary(), since, brokenBy, stages(old, run));
  }

  private static List<StageResult> stages(@Nullable RefResult old, RunSnapshot run) {
    Plan plan = run.plan();
    if (plan == null) {
      return old == null ? List.of() : old.stages();
    }
    Map<String, StageResult> before = new HashMap<>();
    if (old != null) {
      old.stages().forEach(stage -> before.put(stage.name(), stage));
    }
    Map<StepPath, StepSnapshot> steps = new HashMap<>();
    run.steps().forEach(step -> steps.put(step.path(), step));
    Map<String, StageResult> found = new LinkedHashMap<>();
    for (PlanStep planned : plan.steps()) {
      StepPath path = planned.path();
      if (path == null || !planned.kind().equals("stage")) {
        continue;
      }
      StageResult known = before.get(path.value());
      StageResult now = stage(path.value(), steps.get(path), run);
      if (now != null || known != null) {
        found.put(path.value(), now == null ? known : now);
      }
    }
    return List.copyOf(found.values());
  }

  private static @Nullable StageResult stage(
      String name, @Nullable StepSnapshot step, RunSnapshot run) {
    if (step == null || step.outcome() == null || !isResult(step.outcome())) {
      return null;
    }
    Instant at = step.finishedAt();
    return new StageResult(name, step.outcome(), Labels.of(run), at == null ? finishedAt(run) : at);
  }

  private static void forgetOldRefs(Map<String, RefResult> refs, @Nullable String defaultBranch) {
    Set<String> kept = new HashSet<>(Set.of("refs/heads/main", "refs/heads/master"));
    if (defaultBranch != null) {
      kept.add("refs/heads/" + defaultBranch);
    }
    while (refs.size() > MOST_REFS) {
      String oldest =
          refs.entrySet().stream()
              .min(
                  Comparator.comparing(
                          (Map.Entry<String, RefResult> entry) -> kept.contains(entry.getKey()))
                      .thenComparing(entry -> finishedAt(entry.getValue().last())))
              .orElseThrow()
              .getKey();
      refs.remove(oldest);
    }
  }

  static boolean isBroken(RunSnapshot run) {
    Outcome outcome = run.outcome();
    return outcome != null && outcome.isBroken();
  }

  static Instant finishedAt(RunSnapshot run) {
    Instant at = run.finishedAt();
    return at == null ? run.queuedAt() : at;
  }
}
