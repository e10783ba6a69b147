package dev.pipewright.state.outbox;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.state.Notice;
import dev.pipewright.state.PageCursor;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are to be sent, each durable before it is offered. Those of one lane are sent
 * one after the other; of the statuses in a lane only the latest is sent, so that a forge never
 * shows an older one than it was told. A message is sent at least once: it is claimed for a while,
 * and offered again if nothing was heard of it. All are in memory; of those that are over, the last
 * ones are kept. Thread-safe.
 */
public final class Outbox {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int MOST_OVER = 2000;
  private static final int MOST_PER_PAGE = 200;
  private static final int STRIPES = 64;

  private final Shelf<OutboxRecord> shelf;
  private final InstantSource clock;
  private final AtomicLong orders = new AtomicLong();
  private final AtomicLong fences;
  private final NavigableMap<Long, OutboxRecord> all = new ConcurrentSkipListMap<>();
  private final NavigableMap<Long, OutboxRecord> pending = new ConcurrentSkipListMap<>();
  private final ConcurrentMap<String, Long> byId = new ConcurrentHashMap<>();

  /** The latest status of each lane. */
  private final ConcurrentMap<String, OutboxRecord> latest = new ConcurrentHashMap<>();

  private final Map<String, Claim> claims = new ConcurrentHashMap<>();
  private final Object[] laneLocks = new Object[STRIPES];
  private final Notice came = new Notice();

  private record Claim(long fence, Instant until) {}

  /** A claimed message. */
  public record Claimed(OutboxRecord message, long fence) {}

  /** Reads what is to be sent. */
  public Outbox(Storage storage, InstantSource clock) {
    this.shelf = storage.shelf("outbox", OutboxRecord.class);
    this.clock = clock;
    this.fences = new AtomicLong(clock.millis());
    for (int i = 0; i < STRIPES; i++) {
      laneLocks[i] = new Object();
    }
    List<OutboxRecord> stored = new ArrayList<>();
    shelf.forEach((id, record) -> stored.add(record));
    stored.sort(Comparator.comparingLong(OutboxRecord::order));
    stored.forEach(this::remember);
    orders.set(all.isEmpty() ? 0 : all.lastKey());
    // A crash may have come between a status and the removal of the one before it.
    stored.stream().filter(this::isSuperseded).forEach(this::forget);
  }

  private Object lock(String lane) {
    return laneLocks[Math.floorMod(lane.hashCode(), STRIPES)];
  }

  private void remember(OutboxRecord record) {
    all.put(record.order(), record);
    byId.put(record.id(), record.order());
    if (record.status() != null) {
      OutboxRecord unused =
          latest.merge(record.lane(), record, (old, now) -> old.order() > now.order() ? old : now);
    }
    if (record.isPending()) {
      pending.put(record.order(), record);
    } else {
      pending.remove(record.order());
    }
  }

  private boolean isSuperseded(OutboxRecord record) {
    OutboxRecord newest = latest.get(record.lane());
    return record.isPending() && newest != null && newest.order() > record.order();
  }

  private void forget(OutboxRecord record) {
    shelf.remove(List.of(record.id()));
    all.remove(record.order());
    pending.remove(record.order());
    byId.remove(record.id(), record.order());
    claims.remove(record.id());
    boolean unused = latest.remove(record.lane(), record);
  }

  /**
   * Wants the forge of a source told. A status that tells nothing new, or of an earlier moment than
   * the latest of its context, is passed over; one that was not sent yet is replaced.
   */
  public void tell(SourceName source, CommitStatus status, int attempt, long version) {
    OutboxRecord wanted = OutboxRecord.of(source, status, attempt, version, clock.instant());
    synchronized (lock(wanted.lane())) {
      OutboxRecord last = latest.get(wanted.lane());
      if (last != null && (wanted.saysTheSameAs(last) || !wanted.isLaterThan(last))) {
        return;
      }
      add(wanted);
      if (last != null && last.isPending() && !claims.containsKey(last.id())) {
        forget(last);
      }
    }
    came.announce();
  }

  /** Wants a target told; the second time changes nothing. */
  public void tell(String target, Notification notification, String what) {
    OutboxRecord wanted = OutboxRecord.of(target, notification, what, clock.instant());
    synchronized (lock(wanted.lane())) {
      if (byId.containsKey(wanted.id())) {
        return;
      }
      add(wanted);
    }
    came.announce();
  }

  private void add(OutboxRecord wanted) {
    OutboxRecord placed = wanted.at(orders.incrementAndGet());
    if (shelf.insert(placed.id(), placed)) {
      remember(placed);
    } else {
      // Written by a call that never learned of its success.
      shelf.find(placed.id()).map(Shelf.Held::value).ifPresent(this::remember);
    }
  }

  /** A message to send, if there is one within {@code wait}; held for 60 seconds. */
  public Optional<Claimed> claim(Duration wait) {
    return came.await(wait, this::claimNow);
  }

  /** Offers a claimed message again at once; of one that is not held so, it changes nothing. */
  public void giveBack(String id, long fence) {
    OutboxRecord record = find(id);
    if (record == null) {
      return;
    }
    synchronized (lock(record.lane())) {
      Claim held = claims.get(id);
      if (held != null && held.fence() == fence) {
        claims.remove(id);
      }
    }
    came.announce();
  }

  private synchronized Optional<Claimed> claimNow() {
    Instant now = clock.instant();
    Set<String> busy = new HashSet<>();
    for (OutboxRecord record : pending.values()) {
      if (!busy.add(record.lane()) || record.next().isAfter(now)) {
        continue;
      }
      Optional<Claimed> claimed = claim(record, now);
      if (claimed.isPresent()) {
        return claimed;
      }
    }
    return Optional.empty();
  }

  private Optional<Claimed> claim(OutboxRecord record, Instant now) {
    synchronized (lock(record.lane())) {
      Claim held = claims.get(record.id());
      boolean free = held == null || !held.until().isAfter(now);
      // It may have been replaced since it was looked at.
      if (!free || !record.equals(pending.get(record.order()))) {
        return Optional.empty();
      }
      Claim claim = new Claim(fences.incrementAndGet(), now.plus(LEASE));
      claims.put(record.id(), claim);
      return Optional.of(new Claimed(record, claim.fence()));
    }
  }

  /**
   * What came of a claimed message. Of one that is over or was replaced, it changes nothing.
   *
   * @throws ApiException FENCED if it was given to somebody else meanwhile
   */
  public void reported(String id, OutboxReport report) {
    OutboxRecord record = find(id);
    if (record == null) {
      return;
    }
    synchronized (lock(record.lane())) {
      OutboxRecord now = find(id);
      if (now == null || !now.isPending()) {
        return;
      }
      Claim claim = claims.get(id);
      if (claim == null || claim.fence() != report.fence()) {
        throw new ApiException(
            Problem.Code.FENCED, "The message " + id + " was given to somebody else.");
      }
      settle(now, report);
      claims.remove(id);
    }
    came.announce();
  }

  private @Nullable OutboxRecord find(String id) {
    Long order = byId.get(id);
    return order == null ? null : all.get(order);
  }

  private void settle(OutboxRecord record, OutboxReport report) {
    if (isSuperseded(record) && report.result() != OutboxReport.Result.REFUSED) {
      forget(record);
      return;
    }
    Instant now = clock.instant();
    Instant next = Backoff.next(record.tries(), report, now);
    OutboxRecord after = record.after(Backoff.judged(record, report, next), now, next);
    shelf.put(after.id(), after);
    remember(after);
  }

  /**
   * Has a message tried at once that was refused, or that is to be tried again later.
   *
   * @throws ApiException NOT_FOUND if it is not kept, CONFLICT if it was sent, is being sent, or
   *     says of a commit what is not true any more
   */
  public OutboxView retry(String id) {
    OutboxRecord record = kept(id);
    OutboxRecord again;
    synchronized (lock(record.lane())) {
      OutboxRecord now = kept(id);
      OutboxRecord newest = latest.get(now.lane());
      if (now.state() == OutboxView.State.SENT) {
        throw new ApiException(Problem.Code.CONFLICT, "The message was sent.");
      }
      if (claims.containsKey(id)) {
        throw new ApiException(Problem.Code.CONFLICT, "The message is being sent.");
      }
      if (newest != null && newest.order() > now.order()) {
        throw new ApiException(Problem.Code.CONFLICT, "A newer status has taken its place.");
      }
      again = now.afresh(clock.instant());
      shelf.put(id, again);
      remember(again);
    }
    came.announce();
    return again.view();
  }

  private OutboxRecord kept(String id) {
    OutboxRecord record = find(id);
    if (record == null) {
      throw new ApiException(
          Problem.Code.NOT_FOUND,
          "There is no message '" + id + "'.",
          "GET /api/v1/outbox lists those that are kept.");
    }
    return record;
  }

  /** Messages, newest first; {@code after} is the {@code next} of the page before. */
  public Page<OutboxView> list(int limit, @Nullable String after) {
    int count = Math.clamp(limit, 1, MOST_PER_PAGE);
    long before = after == null ? Long.MAX_VALUE : PageCursor.number(after);
    List<OutboxRecord> found =
        all.headMap(before, false).descendingMap().values().stream().limit(count + 1L).toList();
    boolean more = found.size() > count;
    List<OutboxRecord> shown = more ? found.subList(0, count) : found;
    return new Page<>(
        shown.stream().map(OutboxRecord::view).toList(),
        more ? Long.toString(shown.getLast().order()) : null);
  }

  private void forgetIfFree(OutboxRecord superseded) {
    synchronized (lock(superseded.lane())) {
      if (superseded.equals(pending.get(superseded.order()))
          && !claims.containsKey(superseded.id())) {
        forget(superseded);
      }
    }
  }

  /** Forgets what is over and was last changed before this moment. */
  public void forgetBefore(Instant moment) {
    all.values().stream()
        .filter(record -> !record.isPending() && record.changed().isBefore(moment))
        .forEach(this::forget);
  }

  /** Offers what is due, and forgets what is over for long. To be called now and then. */
  public void sweep() {
    Instant now = clock.instant();
    claims.values().removeIf(claim -> !claim.until().isAfter(now));
    pending.values().stream().filter(this::isSuperseded).forEach(this::forgetIfFree);
    if (pending.values().stream().anyMatch(record -> !record.next().isAfter(now))) {
      came.announce();
    }
    List<OutboxRecord> over =
        all.descendingMap().values().stream()
            .filter(record -> !record.isPending())
            .skip(MOST_OVER)
            .toList();
    over.forEach(this::forget);
  }
}
