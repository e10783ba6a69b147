package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Problem;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it is kept.
 *
 * @param arrival its place in the order of arrival
 * @param manual the wish of a person, if that is what it is
 * @param done true once nothing is to be done about it any more
 * @param progress how far it has come
 */
public record DeliveryRecord(
    String id,
    long arrival,
    DeliveryReceipt receipt,
    @Nullable ManualStart manual,
    Instant receivedAt,
    boolean done,
    List<RunId> runs,
    @Nullable String problem,
    DeliveryProgress progress) {
  private static final int LONGEST_PROBLEM = 2000;

  public DeliveryRecord {
    runs = List.copyOf(runs);
  }

  /** A delivery that has just come. */
  static DeliveryRecord received(
      String id, long arrival, DeliveryReceipt receipt, @Nullable ManualStart manual, Instant now) {
    boolean over = manual == null && !DeliveryLimits.mayStartRuns(receipt.verdict());
    DeliveryState state = over ? DeliveryState.DONE : DeliveryState.RECEIVED;
    return new DeliveryRecord(
        id, arrival, receipt, manual, now, over, List.of(), null, DeliveryProgress.at(state));
  }

  SourceName source() {
    return receipt.source();
  }

  DeliveryState state() {
    return progress.state();
  }

  /** The state after {@code signal}; throws CONFLICT if that cannot happen now. */
  DeliveryState after(DeliverySignal signal) {
    return switch (DeliveryTransitions.next(state(), signal)) {
      case DeliveryTransitions.Move.To(DeliveryState next) -> next;
      case DeliveryTransitions.Move.Refused(String why) ->
          throw new ApiException(Problem.Code.CONFLICT, why);
    };
  }

  /** What it is once somebody has worked on it; throws CONFLICT if nobody does. */
  DeliveryRecord after(DeliveryDone work, Instant now) {
    String reason = Limits.shortenIfAny(work.problem(), LONGEST_PROBLEM);
    return switch (work.result()) {
      case PLANNED -> with(work.runs(), reason, progress.in(after(DeliverySignal.PLAN)));
      case FAILED -> failed(work, reason);
      case LATER ->
          progress.isGivenUp(now)
              ? failed(work, reason + "\nIt was tried for 24 hours.")
              : postponed(work, reason, progress.postponed(now));
      // What a person names and is not there is a mistake, and told at once.
      case ABSENT ->
          manual != null || progress.isGivenUpAsAbsent(now)
              ? failed(work, reason)
              : postponed(work, reason, progress.missing(now));
    };
  }

  private DeliveryRecord failed(DeliveryDone work, @Nullable String why) {
    return with(work.runs(), why, progress.in(after(DeliverySignal.FAIL)));
  }

  private DeliveryRecord postponed(
      DeliveryDone work, @Nullable String why, DeliveryProgress until) {
    DeliveryState unused = after(DeliverySignal.POSTPONE);
    return with(work.runs(), why, until);
  }

  /** True if it has failed for no fault of its change, so that somebody else may find that. */
  boolean wasGivenUp() {
    return state() == DeliveryState.FAILED
        && (progress.absentSince() != null || progress.failingSince() != null);
  }

  /** What its sender is answered. */
  DeliveryAccepted accepted(boolean duplicate) {
    return new DeliveryAccepted(id, receipt.verdict(), receipt.reason(), duplicate);
  }

  /** True if it came to nothing, so that the same one once more is worth another attempt. */
  boolean cameToNothing() {
    return manual == null && state().isOver() && runs.isEmpty();
  }

  /** The same delivery, delivered once more; from the start. */
  DeliveryRecord again(DeliveryReceipt receiptNow) {
    DeliveryState unused = after(DeliverySignal.REPLAY);
    DeliveryProgress fresh = progress.replayed();
    return new DeliveryRecord(
        id, arrival, receiptNow, null, receivedAt, false, List.of(), null, fresh);
  }

  /** What it is once everybody was told of its runs; throws CONFLICT if it was not planned. */
  DeliveryRecord settled() {
    return with(List.of(), problem, progress.in(after(DeliverySignal.SETTLE)));
  }

  DeliveryRecord with(DeliveryProgress now) {
    return with(List.of(), problem, now);
  }

  /** The record with what came of it so far; runs are only ever added. */
  DeliveryRecord with(Collection<RunId> more, @Nullable String why, DeliveryProgress now) {
    Set<RunId> all = new LinkedHashSet<>(runs);
    all.addAll(more);
    return new DeliveryRecord(
        id, arrival, receipt, manual, receivedAt, now.state().isOver(), List.copyOf(all), why, now);
  }

  /** What the Spawner that has claimed it is given. */
  DeliveryWork work() {
    Map<String, String> parameters = manual == null ? null : manual.parameters();
    return new DeliveryWork(
        id,
        receipt.source(),
        receipt.changes(),
        manual == null ? null : manual.pipeline(),
        parameters == null ? Map.of() : parameters,
        manual,
        progress.fence());
  }

  DeliveryView view() {
    return new DeliveryView(
        id,
        receipt.source(),
        receipt.event(),
        receipt.verdict(),
        receipt.reason(),
        receipt.changes(),
        runs,
        receivedAt,
        progress.state(),
        problem,
        progress.attempts(),
        progress.nextAt());
  }
}
