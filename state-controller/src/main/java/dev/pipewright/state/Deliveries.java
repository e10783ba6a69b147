package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries: durable before they are acknowledged, each stored once, claimed one at a time and
 * in the order of arrival for each source. Each change of one is made under the lock of its source,
 * as {@link DeliveryTransitions} allows it, and durable before anybody hears of it. Thread-safe.
 */
public final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final Duration LEASE = Duration.ofSeconds(24);
  private static final int STRIPES = 64;

  private final DeliveryBook book;
  private final DeliveryQueue queue = new DeliveryQueue();
  private final Sources sources;
  private final Pipelines pipelines;
  private final InstantSource clock;
  private final AtomicLong fences;
  private final Notice came = new Notice();
  private final List<Consumer<DeliveryRecord>> listeners = new CopyOnWriteArrayList<>();

  /** The ids of those that are PLANNED. */
  private final Set<String> unsettled = ConcurrentHashMap.newKeySet();

  private final Object[] locks = Stream.generate(Object::new).limit(STRIPES).toArray();

  Deliveries(Storage storage, Sources sources, Pipelines pipelines, InstantSource clock) {
    this.book = new DeliveryBook(storage);
    this.sources = sources;
    this.pipelines = pipelines;
    this.clock = clock;
    this.fences = new AtomicLong(clock.millis());
    book.open(this::putInLine);
  }

  /**
   * From now on {@code listener} is told what came of every delivery, after that is durable; it may
   * be told again.
   */
  void listen(Consumer<DeliveryRecord> listener) {
    listeners.add(listener);
  }

  private Object lock(SourceName source) {
    return locks[Math.floorMod(source.hashCode(), STRIPES)];
  }

  private static DeliveryQueue.Place place(DeliveryRecord record) {
    return new DeliveryQueue.Place(record.source(), record.arrival(), record.id());
  }

  /** Whose Spawner may be dead as well is offered at once: to do it twice is harmless. */
  private void putInLine(DeliveryRecord record) {
    DeliveryQueue.Place place = place(record);
    switch (record.state()) {
      case RECEIVED -> {
        Instant next = record.progress().nextAt();
        if (next == null) {
          queue.add(place);
        } else if (record.progress().keepsItsPlace()) {
          queue.addClosed(place, next);
        } else {
          queue.addResting(place, next);
        }
      }
      case BUILDING -> queue.add(place);
      case PLANNED -> {
        unsettled.add(record.id());
        queue.remove(place);
      }
      case DONE, FAILED -> queue.remove(place);
    }
    came.announce();
  }

  /**
   * Stores a delivery. When this returns, it survives the death of the process; the same one again,
   * even at the same time, is the same delivery.
   */
  public DeliveryAccepted receive(DeliveryReceipt given) {
    sources.view(given.source());
    DeliveryReceipt receipt = DeliveryLimits.shortened(given);
    boolean rejected = receipt.verdict() == Verdict.REJECTED;
    String id = DeliveryLimits.id(receipt.source(), rejected ? null : given.forgeId());
    DeliveryAccepted accepted = store(id, receipt, null);
    if (rejected) {
      book.forgetRejected(receipt.source());
    }
    return accepted;
  }

  /** Stores what was found without a webhook, under an id that no sender can name. */
  DeliveryAccepted found(String id, DeliveryReceipt receipt) {
    return store(id, DeliveryLimits.shortened(receipt), null);
  }

  private DeliveryAccepted store(String id, DeliveryReceipt receipt, @Nullable ManualStart manual) {
    Optional<DeliveryRecord> known = known(id);
    if (known.isPresent()) {
      return repeated(known.get(), receipt);
    }
    DeliveryRecord record =
        DeliveryRecord.received(id, book.arrival(), receipt, manual, clock.instant());
    if (!book.insert(record)) {
      return book.record(id).orElse(record).accepted(true);
    }
    if (!record.done()) {
      putInLine(record);
    }
    return record.accepted(false);
  }

  /**
   * A forge delivers again what somebody asks it to: what came to nothing is worth another attempt,
   * as what was in its way may be gone.
   */
  private DeliveryAccepted repeated(DeliveryRecord known, DeliveryReceipt receipt) {
    if (!known.cameToNothing() || !DeliveryLimits.mayStartRuns(receipt.verdict())) {
      return known.accepted(true);
    }
    synchronized (lock(known.source())) {
      DeliveryRecord record = book.record(known.id()).orElse(known);
      if (!record.cameToNothing()) {
        return record.accepted(true);
      }
      DeliveryRecord again = record.again(receipt);
      book.write(again);
      putInLine(again);
      return again.accepted(false);
    }
  }

  private Optional<DeliveryRecord> known(String id) {
    return book.entry(id).flatMap(entry -> book.record(id));
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
    ManualStart complete = wish.at(source, by);
    return store(
        DeliveryLimits.id(source, null), asked(source, "manual", "Started by hand."), complete);
  }

  /** Stores the complete wish of the run in {@code by}, unless the delivery {@code id} is known. */
  DeliveryAccepted startFor(String id, ManualStart wish) {
    SourceName source = Objects.requireNonNull(wish.source());
    sources.view(source);
    DeliveryLimits.check(wish);
    String why = "Started by " + wish.by() + ".";
    return store(id, asked(source, Downstreams.KIND, why), wish);
  }

  /** Stores the complete wish of the clock, unless the delivery {@code id} is known. */
  void startAt(String id, ManualStart wish, String why) {
    SourceName source = Objects.requireNonNull(wish.source());
    DeliveryAccepted unused = store(id, asked(source, "cron", why), wish);
  }

  private static DeliveryReceipt asked(SourceName source, String event, String why) {
    return new DeliveryReceipt(source, null, event, Verdict.BUILD, why, List.of());
  }

  /** A few words of the delivery with this id, if it is still known. */
  Optional<DeliveryEntry> entry(String id) {
    return book.entry(id);
  }

  /** True if a delivery has told lately that a ref points to a commit. */
  boolean brought(SourceName source, String ref, String commit) {
    return book.brought(source, ref, commit);
  }

  /** The delivery with this id, if it is still known and nothing is to be done about it. */
  Optional<DeliveryRecord> ended(String id) {
    return book.entry(id).filter(entry -> entry.state().isOver()).flatMap(e -> book.record(id));
  }

  private Optional<SourceName> onlySource() {
    List<SourceName> all = sourceNames();
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private List<SourceName> sourceNames() {
    return sources.all().items().stream().map(SourceView::name).toList();
  }

  /**
   * The oldest delivery whose turn it is, if one comes within {@code wait}; held for 24 seconds.
   */
  public Optional<DeliveryWork> claim(Duration wait) {
    return came.await(wait, this::claimNow);
  }

  private Optional<DeliveryWork> claimNow() {
    while (true) {
      Instant now = clock.instant();
      Optional<DeliveryQueue.Place> place = queue.take(now, now.plus(LEASE));
      if (place.isEmpty()) {
        return Optional.empty();
      }
      Optional<DeliveryWork> work = begin(place.get());
      if (work.isPresent()) {
        return work;
      }
    }
  }

  private Optional<DeliveryWork> begin(DeliveryQueue.Place place) {
    synchronized (lock(place.source())) {
      try {
        DeliveryRecord record = book.record(place.id()).orElse(null);
        if (record == null || record.done()) {
          queue.remove(place);
          return Optional.empty();
        }
        DeliveryState unused = record.after(DeliverySignal.CLAIM);
        DeliveryRecord claimed = record.with(record.progress().claimed(fences.incrementAndGet()));
        book.write(claimed);
        return Optional.of(claimed.work());
      } catch (StoreException e) {
        queue.add(place);
        throw e;
      }
    }
  }

  /** Holds a claimed delivery for another 24 seconds; throws FENCED if it is not held any more. */
  public void renew(String id, long fence) {
    DeliveryRecord record = known(id).orElseThrow(() -> DeliveryBook.unknown(id));
    boolean held =
        record.progress().fence() == fence
            && queue.renew(place(record), clock.instant().plus(LEASE));
    if (!held) {
      throw fenced(id);
    }
  }

  /** Offers a claimed delivery again at once; of one that is not held so, it changes nothing. */
  public void giveBack(String id, long fence) {
    DeliveryEntry entry = book.entry(id).orElseThrow(() -> DeliveryBook.unknown(id));
    synchronized (lock(entry.source())) {
      DeliveryRecord record = book.record(id).orElseThrow(() -> DeliveryBook.unknown(id));
      if (record.progress().fence() == fence && record.state() == DeliveryState.BUILDING) {
        putInLine(record);
      }
    }
  }

  private static ApiException fenced(String id) {
    return new ApiException(
        Problem.Code.FENCED, "The delivery " + id + " was given to somebody else.");
  }

  /** Takes what became of a claimed delivery. The second time changes nothing. */
  public void done(String id, DeliveryDone done) {
    DeliveryEntry entry = book.entry(id).orElseThrow(() -> DeliveryBook.unknown(id));
    DeliveryRecord now = report(entry, done);
    if (now.state() == DeliveryState.PLANNED) {
      settle(now);
    } else if (now.state() == DeliveryState.FAILED) {
      listeners.forEach(listener -> listener.accept(now));
    }
  }

  private DeliveryRecord report(DeliveryEntry entry, DeliveryDone done) {
    synchronized (lock(entry.source())) {
      String id = entry.id();
      DeliveryRecord record = book.record(id).orElseThrow(() -> DeliveryBook.unknown(id));
      if (record.progress().fence() != done.fence()) {
        throw fenced(id);
      }
      if (record.state() != DeliveryState.BUILDING) {
        return record;
      }
      DeliveryRecord next = record.after(done, clock.instant());
      if (next.state() == DeliveryState.PLANNED && !entry.ofRun()) {
        next = next.settled(); // At once, as nobody is to be told of it.
      }
      book.write(next);
      putInLine(next);
      return next;
    }
  }

  private void settle(DeliveryRecord planned) {
    listeners.forEach(listener -> listener.accept(planned));
    synchronized (lock(planned.source())) {
      DeliveryRecord record = book.record(planned.id()).orElse(planned);
      if (record.state() == DeliveryState.PLANNED) {
        book.write(record.settled());
      }
      unsettled.remove(planned.id());
    }
  }

  /**
   * Puts a delivery that is over, or waits for its next attempt, back into its place in the line,
   * because {@code by} wants it so. What has led to a run leads to the same run again.
   *
   * @throws ApiException CONFLICT if it asks for no run, or is being worked on
   */
  public DeliveryView replay(String id, String by) {
    DeliveryRecord found = book.find(id, sourceNames());
    synchronized (lock(found.source())) {
      DeliveryRecord record = book.record(found.id()).orElse(found);
      if (record.manual() == null) {
        DeliveryLimits.checkReplay(record.receipt());
      }
      DeliveryState unused = record.after(DeliverySignal.REPLAY);
      DeliveryRecord again = record.with(List.of(), null, record.progress().replayed());
      book.write(again);
      putInLine(again);
      LOG.atInfo()
          .addKeyValue("delivery", record.id())
          .addKeyValue("by", by)
          .addKeyValue("was", record.state())
          .addKeyValue("problem", record.problem())
          .log("Delivery is replayed");
      return again.view();
    }
  }

  /** A delivery by its id or by the forge's own. */
  public DeliveryView view(String id) {
    return book.find(id, sourceNames()).view();
  }

  /** Deliveries, newest first; {@code after} is the next of the page before. */
  public Page<DeliveryView> list(@Nullable SourceName source, int limit, @Nullable String after) {
    return book.list(source, limit, after);
  }

  /**
   * Offers again what was claimed and not finished or is to be tried again, does what a crash has
   * prevented, and forgets what is old.
   */
  public void sweep() {
    if (queue.wake(clock.instant())) {
      came.announce();
    }
    for (String id : unsettled) {
      book.record(id)
          .filter(record -> record.state() == DeliveryState.PLANNED)
          .ifPresent(this::settle);
    }
    book.forgetOld();
  }

  /** Forgets what is over and came before this moment. */
  void forgetBefore(Instant moment) {
    book.forgetBefore(moment);
  }
}
