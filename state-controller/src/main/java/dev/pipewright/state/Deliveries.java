package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries: durable before they are acknowledged, each stored once, claimed in the order of
 * arrival. The last few thousand are kept, all of them in memory. Thread-safe.
 */
public final class Deliveries {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int MOST_KEPT = 5000;
  private static final int MOST_REJECTED = 100;
  private static final int MOST_PER_PAGE = 200;

  private final Shelf<DeliveryRecord> shelf;
  private final Sources sources;
  private final Pipelines pipelines;
  private final InstantSource clock;
  private final AtomicLong arrivals = new AtomicLong();
  private final AtomicLong fences;
  private final ConcurrentMap<String, DeliveryRecord> byId = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Long, String> byArrival =
      new ConcurrentSkipListMap<>(Collections.reverseOrder());
  private final ConcurrentSkipListMap<Long, String> waiting = new ConcurrentSkipListMap<>();
  private final ConcurrentMap<String, Claim> claims = new ConcurrentHashMap<>();
  private final Notice came = new Notice();
  private final List<Consumer<DeliveryRecord>> listeners = new CopyOnWriteArrayList<>();

  private record Claim(long fence, Instant until) {}

  Deliveries(Storage storage, Sources sources, Pipelines pipelines, InstantSource clock) {
    this.shelf = storage.shelf("deliveries", DeliveryRecord.class);
    this.sources = sources;
    this.pipelines = pipelines;
    this.clock = clock;
    this.fences = new AtomicLong(clock.millis());
    shelf.forEach((id, record) -> remember(record));
    arrivals.set(byArrival.isEmpty() ? 0 : byArrival.firstKey());
  }

  /** From now on {@code listener} is told of every delivery that is done, after that is durable. */
  void listen(Consumer<DeliveryRecord> listener) {
    listeners.add(listener);
  }

  private boolean remember(DeliveryRecord record) {
    if (byId.putIfAbsent(record.id(), record) != null) {
      return false;
    }
    byArrival.put(record.arrival(), record.id());
    if (!record.done()) {
      waiting.put(record.arrival(), record.id());
      came.announce();
    }
    return true;
  }

  /**
   * Stores a delivery. When this returns, it survives the death of the process; the same one again,
   * even at the same time, is the same delivery.
   */
  public DeliveryAccepted receive(DeliveryReceipt given) {
    sources.view(given.source());
    DeliveryReceipt receipt = DeliveryLimits.shortened(given);
    boolean rejected = receipt.verdict() == Verdict.REJECTED;
    String id = DeliveryLimits.id(receipt.source(), rejected ? null : receipt.forgeId());
    DeliveryRecord record =
        new DeliveryRecord(
            id,
            arrivals.incrementAndGet(),
            receipt,
            null,
            clock.instant(),
            receipt.verdict() != Verdict.BUILD,
            List.of(),
            null);
    DeliveryAccepted accepted = store(record);
    if (rejected) {
      forgetRejected(receipt.source());
    }
    return accepted;
  }

  private DeliveryAccepted store(DeliveryRecord record) {
    DeliveryRecord known = byId.get(record.id());
    if (known != null) {
      return accepted(known, true);
    }
    boolean fresh = shelf.insert(record.id(), record);
    DeliveryRecord stored =
        fresh ? record : shelf.find(record.id()).map(Shelf.Held::value).orElse(record);
    boolean unused = remember(stored);
    return accepted(stored, !fresh);
  }

  private static DeliveryAccepted accepted(DeliveryRecord record, boolean duplicate) {
    DeliveryReceipt receipt = record.receipt();
    return new DeliveryAccepted(record.id(), receipt.verdict(), receipt.reason(), duplicate);
  }

  /** Stores the wish of the person {@code by}; it is planned like a webhook. */
  public DeliveryAccepted start(ManualStart wish, String by) {
    SourceName source = wish.source();
    if (source == null) {
      source =
          pipelines
              .sourceOf(wish.pipeline())
              .or(this::onlySource)
              .orElseThrow(
                  () ->
                      new ApiException(
                          Problem.Code.NOT_FOUND,
                          "There is no pipeline '" + wish.pipeline() + "' yet.",
                          "Say which source holds it: pipewright start NAME --source SOURCE"));
    }
    sources.view(source);
    DeliveryLimits.check(wish);
    ManualStart complete =
        new ManualStart(
            wish.pipeline(),
            source,
            wish.ref(),
            wish.commit(),
            wish.parameters() == null ? Map.of() : wish.parameters(),
            by);
    DeliveryReceipt receipt =
        new DeliveryReceipt(source, null, "manual", Verdict.BUILD, "Started by hand.", List.of());
    return store(wished(DeliveryLimits.id(source, null), receipt, complete));
  }

  /** Stores the complete wish of the run in {@code by}, unless the delivery {@code id} is known. */
  DeliveryAccepted startFor(String id, ManualStart wish) {
    SourceName source = Objects.requireNonNull(wish.source());
    sources.view(source);
    DeliveryLimits.check(wish);
    DeliveryReceipt receipt =
        new DeliveryReceipt(
            source,
            null,
            Downstreams.KIND,
            Verdict.BUILD,
            "Started by " + wish.by() + ".",
            List.of());
    return store(wished(id, receipt, wish));
  }

  private DeliveryRecord wished(String id, DeliveryReceipt receipt, ManualStart wish) {
    return new DeliveryRecord(
        id, arrivals.incrementAndGet(), receipt, wish, clock.instant(), false, List.of(), null);
  }

  /** True if this is the delivery of a wish of a run. */
  boolean isOfRun(String id) {
    DeliveryRecord found = byId.get(id);
    return found != null
        && found.manual() != null
        && found.receipt().event().equals(Downstreams.KIND);
  }

  /** The delivery with this id, if it is still known. */
  Optional<DeliveryRecord> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  private Optional<SourceName> onlySource() {
    var all = sources.all().items();
    return all.size() == 1 ? Optional.of(all.getFirst().name()) : Optional.empty();
  }

  /** The oldest delivery nobody plans, if one comes within {@code wait}; held for 60 seconds. */
  public Optional<DeliveryWork> claim(Duration wait) {
    return came.await(wait, this::claimNow);
  }

  private synchronized Optional<DeliveryWork> claimNow() {
    Instant now = clock.instant();
    for (String id : waiting.values()) {
      Claim held = claims.get(id);
      DeliveryRecord record = byId.get(id);
      if (record == null || (held != null && held.until().isAfter(now))) {
        continue;
      }
      Claim claim = new Claim(fences.incrementAndGet(), now.plus(LEASE));
      claims.put(id, claim);
      return Optional.of(work(record, claim.fence()));
    }
    return Optional.empty();
  }

  private static DeliveryWork work(DeliveryRecord record, long fence) {
    ManualStart manual = record.manual();
    Map<String, String> parameters = manual == null ? null : manual.parameters();
    return new DeliveryWork(
        record.id(),
        record.receipt().source(),
        record.receipt().changes(),
        manual == null ? null : manual.pipeline(),
        parameters == null ? Map.of() : parameters,
        manual,
        fence);
  }

  /** Ends a claimed delivery. The second time changes nothing. */
  public void done(String id, DeliveryDone done) {
    DeliveryRecord finished = finish(id, done);
    if (finished != null) {
      listeners.forEach(listener -> listener.accept(finished));
    }
  }

  private synchronized @Nullable DeliveryRecord finish(String id, DeliveryDone done) {
    DeliveryRecord record = byId.get(id);
    if (record == null) {
      throw unknown(id);
    }
    if (record.done()) {
      return null;
    }
    Claim claim = claims.get(id);
    if (claim == null || claim.fence() != done.fence()) {
      throw new ApiException(
          Problem.Code.FENCED, "The delivery " + id + " was given to somebody else.");
    }
    DeliveryRecord finished =
        record.finished(done.runs(), Limits.shortenIfAny(done.problem(), 2000));
    shelf.put(id, finished);
    byId.put(id, finished);
    waiting.remove(record.arrival());
    claims.remove(id);
    return finished;
  }

  /** A delivery by its id or by the forge's own. */
  public DeliveryView view(String id) {
    DeliveryRecord found = byId.get(id);
    return found != null
        ? found.view()
        : newestFirst()
            .filter(record -> id.equals(record.receipt().forgeId()))
            .findFirst()
            .orElseThrow(() -> unknown(id))
            .view();
  }

  private java.util.stream.Stream<DeliveryRecord> newestFirst() {
    return byArrival.values().stream().map(byId::get).filter(java.util.Objects::nonNull);
  }

  /** Deliveries, newest first; {@code after} is the last id of the page before. */
  public Page<DeliveryView> list(@Nullable SourceName source, int limit, @Nullable String after) {
    int count = Math.clamp(limit, 1, MOST_PER_PAGE);
    DeliveryRecord last = after == null ? null : byId.get(after);
    long before = last == null ? Long.MAX_VALUE : last.arrival();
    List<DeliveryView> page =
        newestFirst()
            .filter(record -> record.arrival() < before)
            .filter(record -> source == null || source.equals(record.receipt().source()))
            .limit(count + 1L)
            .map(DeliveryRecord::view)
            .toList();
    boolean more = page.size() > count;
    List<DeliveryView> shown = more ? page.subList(0, count) : page;
    return new Page<>(shown, more ? shown.getLast().id() : null);
  }

  private static ApiException unknown(String id) {
    return new ApiException(
        Problem.Code.NOT_FOUND, "There is no delivery '" + Limits.shorten(id, 80) + "'.");
  }

  private synchronized void forgetRejected(SourceName source) {
    List<DeliveryRecord> rejected =
        newestFirst()
            .filter(record -> record.receipt().verdict() == Verdict.REJECTED)
            .filter(record -> record.receipt().source().equals(source))
            .skip(MOST_REJECTED)
            .toList();
    forget(rejected);
  }

  /** Offers again what was claimed and not finished, and forgets what is old. */
  public synchronized void sweep() {
    Instant now = clock.instant();
    if (claims.values().removeIf(claim -> !claim.until().isAfter(now))) {
      came.announce();
    }
    forget(newestFirst().skip(MOST_KEPT).filter(DeliveryRecord::done).toList());
  }

  private void forget(List<DeliveryRecord> old) {
    List<String> ids = new ArrayList<>();
    for (DeliveryRecord record : old) {
      ids.add(record.id());
      byId.remove(record.id());
      byArrival.remove(record.arrival());
    }
    shelf.remove(ids);
  }
}
