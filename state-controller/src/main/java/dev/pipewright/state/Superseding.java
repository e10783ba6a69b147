package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.run.Answer.Verdict;
import dev.pipewright.protocol.run.Concurrency.Superseded;
import dev.pipewright.state.RunAttempt.Told;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels runs that a newer change of the same ref has made pointless, where the newer one's
 * pipeline says so. What a person or another pipeline has asked for neither supersedes nor is
 * superseded. Looks again at start and every few seconds, so that a crash between a run and what it
 * cancels changes nothing. Thread-safe.
 */
final class Superseding implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Superseding.class);
  private static final Set<String> CHANGES =
      Set.of("push", "tag", "pull_request", "merge_group", "cron");

  /** A change under review has a ref for each of its patch sets. */
  private static final Pattern REVIEW = Pattern.compile("(refs/changes/\\d+/\\d+)/\\d+");

  private final RunBook book;
  private final Pipelines pipelines;
  private final ChangeOrder order;
  private final InstantSource clock;

  Superseding(RunBook book, Pipelines pipelines, ChangeOrder order, InstantSource clock) {
    this.book = book;
    this.pipelines = pipelines;
    this.order = order;
    this.clock = clock;
  }

  /** What runs must have in common: the kind of change and its ref. */
  private record Scope(String kind, String ref) {
    static Scope of(RunRecord run) {
      Matcher review = REVIEW.matcher(run.order().ref());
      return new Scope(
          run.order().cause().kind(), review.matches() ? review.group(1) : run.order().ref());
    }
  }

  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    if (before == null && !after.over() && isOfChange(after)) {
      look(after.id().pipeline(), Scope.of(after));
    }
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {}

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {}

  /** Looks at all runs that are not over. */
  void sweep() {
    for (PipelineName pipeline : pipelines.names()) {
      look(pipeline, null);
    }
  }

  private void look(PipelineName pipeline, @Nullable Scope only) {
    Map<Scope, List<RunRecord>> scopes = new HashMap<>();
    for (var shown : pipelines.active(pipeline)) {
      find(shown.id())
          .filter(run -> !run.over() && isOfChange(run))
          .filter(run -> only == null || Scope.of(run).equals(only))
          .ifPresent(
              run -> scopes.computeIfAbsent(Scope.of(run), key -> new ArrayList<>()).add(run));
    }
    scopes.values().stream().filter(runs -> runs.size() > 1).forEach(this::settle);
  }

  private Optional<RunRecord> find(RunId id) {
    try {
      return Optional.of(book.entry(id).record);
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  /** True unless somebody has asked for this very run, in the first place or again. */
  private static boolean isOfChange(RunRecord run) {
    int wished = run.attempt().number() - run.attempt().progress().losses();
    return CHANGES.contains(run.order().cause().kind()) && wished <= 1;
  }

  /** Cancels every run of an older change than the newest one that wants that. */
  private void settle(List<RunRecord> runs) {
    runs.sort(order.among(List.copyOf(runs)).reversed());
    RunRecord newer = null;
    for (RunRecord run : runs) {
      if (newer != null && run.cancelledBy() == null) {
        cancel(run.id(), newer);
      } else if (newer == null && policy(run) != Superseded.KEPT) {
        newer = run;
      }
    }
  }

  private static Superseded policy(RunRecord run) {
    return run.order().plan().concurrency().superseded();
  }

  private void cancel(RunId id, RunRecord newer) {
    boolean sparing = policy(newer) == Superseded.CANCELLED;
    try {
      RunEntry entry = book.entry(id);
      book.changeIf(
          entry,
          draft -> {
            RunRecord run = draft.before();
            if (run.over() || run.cancelledBy() != null || (sparing && isSpared(run))) {
              return false;
            }
            draft.cancel(newer.id().toString(), "superseded by " + newer.id(), clock.instant());
            return true;
          });
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("run", id).setCause(e).log("Could not cancel a superseded run");
    }
  }

  /** True if a person is asked whether the run goes on, or has said so. */
  private static boolean isSpared(RunRecord run) {
    Told told = run.attempt().told();
    return told.answers().stream().anyMatch(answer -> answer.verdict() == Verdict.APPROVED)
        || told.waits().stream()
            .filter(wait -> wait.what().isForPeople())
            .anyMatch(wait -> LiveRuns.isWaiting(run, wait.key()));
  }
}
