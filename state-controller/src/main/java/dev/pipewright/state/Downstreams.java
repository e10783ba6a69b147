package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Folding;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that were started by runs. A wish becomes a delivery that is planned like that of a person;
 * its id is made of run, attempt and key, so it is the same one however often it is asked for. What
 * is wanted is written before the delivery, and what came of it before the answer is given;
 * whatever a crash leaves in between is done by the next request or the next sweep. Thread-safe.
 */
public final class Downstreams implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Downstreams.class);

  /** The kind of the cause of such runs, and the event of their deliveries. */
  static final String KIND = "pipeline";

  private static final int DEEPEST = 20;
  private static final int MOST_PER_RUN = 500;

  private final Shelf<DownstreamRecord> shelf;
  private final Deliveries deliveries;
  private final Pipelines pipelines;
  private final LiveRuns runs;
  private final AnswerGiver answers;
  private final InstantSource clock;
  private final ConcurrentMap<String, DownstreamRecord> known = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> byDelivery = new ConcurrentHashMap<>();

  Downstreams(
      Storage storage,
      Deliveries deliveries,
      Pipelines pipelines,
      LiveRuns runs,
      AnswerGiver answers,
      InstantSource clock) {
    this.shelf = storage.shelf("downstreams", DownstreamRecord.class);
    this.deliveries = deliveries;
    this.pipelines = pipelines;
    this.runs = runs;
    this.answers = answers;
    this.clock = clock;
    shelf.forEach((id, record) -> remember(record));
    deliveries.listen(this::planned);
  }

  private void remember(DownstreamRecord record) {
    known.put(record.id(), record);
    byDelivery.put(record.delivery(), record.id());
  }

  /**
   * Starts a pipeline for a run: on the same commit if it is of the same source, else on the
   * default branch of its own.
   *
   * @throws ApiException FORBIDDEN for runs that build pipeline code, CONFLICT if runs start runs
   *     without end
   */
  public DeliveryAccepted start(RunId id, DownstreamRequest wish) {
    RunRecord run = runs.asking(id, wish.fence());
    String key = LiveRuns.key(wish.key());
    if (run.order().isolated()) {
      throw new ApiException(
          Problem.Code.FORBIDDEN, "A run that builds pipeline code starts no pipelines.");
    }
    if (!run.order().origin().isVouchedFor()) {
      throw CommitApprovals.unapproved(run, "This run starts no other pipelines");
    }
    checkDepth(run);
    SourceName own = run.order().source();
    SourceName source = pipelines.sourceOf(wish.pipeline()).orElse(own);
    boolean same = source.equals(own);
    int attempt = run.attempt().number();
    String link = DownstreamRecord.id(id, attempt, key);
    String delivery = DeliveryLimits.id(source, KIND + "-" + Hashes.of(link).substring(0, 32));
    DownstreamRecord record = known.get(link);
    if (record == null) {
      checkCount(id);
      record =
          new DownstreamRecord(id, attempt, key, wish.awaited(), delivery, false, List.of(), null);
      shelf.put(link, record);
      remember(record);
    }
    if (record.planned()) {
      // Its delivery may be forgotten by now, and must not come into being again.
      return new DeliveryAccepted(record.delivery(), Verdict.BUILD, "Started by " + id + ".", true);
    }
    return deliveries.startFor(
        record.delivery(),
        new ManualStart(
            wish.pipeline(),
            source,
            same ? run.order().ref() : null,
            same ? run.order().commit().value() : null,
            wish.parameters(),
            id.toString(),
            null,
            same ? run.order().origin() : null));
  }

  private void checkCount(RunId run) {
    if (known.values().stream().filter(one -> one.run().equals(run)).count() >= MOST_PER_RUN) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "A run starts at most %d runs of other pipelines.".formatted(MOST_PER_RUN));
    }
  }

  private void checkDepth(RunRecord run) {
    RunRecord now = run;
    for (int depth = 2; KIND.equals(now.order().cause().kind()); depth++) {
      if (depth >= DEEPEST) {
        throw new ApiException(
            Problem.Code.CONFLICT,
            "%d runs have started each other in a row, the last one %s: no further one is started."
                .formatted(DEEPEST, run.id()),
            "Do the pipelines start each other in a circle?");
      }
      String by = now.order().cause().by();
      if (by == null) {
        return;
      }
      try {
        now = runs.record(RunId.parse(by));
      } catch (ApiException e) {
        return;
      }
    }
  }

  /** A run as it is to be queued: one that a run has started says so in its cause. */
  NewRun stamped(NewRun order) {
    Cause cause = order.cause();
    String delivery = cause.delivery();
    if (delivery == null || deliveries.entry(delivery).filter(DeliveryEntry::ofRun).isEmpty()) {
      return order;
    }
    return order.with(new Cause(KIND, cause.by(), cause.message(), delivery));
  }

  /** A delivery was planned. */
  private void planned(DeliveryRecord delivery) {
    String link = byDelivery.get(delivery.id());
    DownstreamRecord record = link == null ? null : known.get(link);
    if (record == null || record.planned()) {
      return;
    }
    DownstreamRecord now = record.planned(delivery.runs(), delivery.problem());
    shelf.put(now.id(), now);
    known.put(now.id(), now);
    settle(now);
  }

  /** Gives the answer, if there is one yet. */
  private void settle(DownstreamRecord record) {
    if (!record.awaited() || !record.planned()) {
      return;
    }
    try {
      Answer answer = record.runs().isEmpty() ? failed(record) : ended(record);
      if (answer != null) {
        answers.give(record.run(), record.attempt(), answer);
      }
    } catch (ApiException | StoreException e) {
      log.atInfo().addKeyValue("run", record.run()).setCause(e).log("Could not tell of a run yet");
    }
  }

  private Answer failed(DownstreamRecord record) {
    String problem = record.problem();
    return new Answer(
        record.key(),
        Answer.Verdict.FAILED,
        null,
        problem == null ? "No run came of it." : problem,
        clock.instant(),
        Map.of());
  }

  private @Nullable Answer ended(DownstreamRecord record) {
    Outcome worst = Outcome.SUCCEEDED;
    for (RunId id : record.runs()) {
      RunRecord run = runs.record(id);
      Outcome outcome = run.outcome();
      if (!run.over() || outcome == null) {
        return null;
      }
      worst = Folding.worse(worst, outcome);
    }
    String started = record.runs().stream().map(RunId::toString).collect(Collectors.joining(", "));
    return new Answer(
        record.key(),
        Answer.Verdict.ENDED,
        null,
        null,
        clock.instant(),
        Map.of("run", started, "outcome", worst.name()));
  }

  /** The end of a run is told to the run that waits for it, or ends what it has started itself. */
  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    if (known.isEmpty() || !after.over() || (before != null && before.over())) {
      return;
    }
    for (DownstreamRecord record : known.values()) {
      if (record.runs().contains(after.id())) {
        settle(record);
      }
    }
  }

  /** Does what a crash has prevented, and forgets what is over. To be called now and then. */
  public void sweep() {
    for (DownstreamRecord record : known.values()) {
      RunRecord run = runs.inAttempt(record.run(), record.attempt()).orElse(null);
      if (run == null) {
        shelf.remove(List.of(record.id()));
        known.remove(record.id());
        byDelivery.remove(record.delivery());
      } else if (!record.planned()) {
        deliveries.ended(record.delivery()).ifPresent(this::planned);
      } else if (LiveRuns.isWaiting(run, record.key())) {
        settle(record);
      }
    }
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // What was started is known run by run.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    // Output ends no run.
  }
}
