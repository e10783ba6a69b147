package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the deliveries are kept: whole in the store, a few words of each in memory. The last few
 * thousand are kept, and every one that is not over. Thread-safe.
 */
final class DeliveryBook {
  private static final int MOST_KEPT = 5000;
  private static final int MOST_REJECTED = 100;
  private static final int MOST_PER_PAGE = 200;
  private static final int MOST_AT_HAND = 128;

  private final Shelf<DeliveryRecord> shelf;
  private final BroughtChanges brought = new BroughtChanges();
  private final AtomicLong arrivals = new AtomicLong();
  private final ConcurrentMap<String, DeliveryEntry> byId = new ConcurrentHashMap<>();

  /** Some of those that are not over, as they are in the store: they are asked for again soon. */
  private final Map<String, DeliveryRecord> atHand = new LinkedHashMap<>();

  private final ConcurrentSkipListMap<Long, String> byArrival =
      new ConcurrentSkipListMap<>(Collections.reverseOrder());

  DeliveryBook(Storage storage) {
    this.shelf = storage.shelf("deliveries", DeliveryRecord.class);
  }

  /** Reads everything, in no order. */
  void open(Consumer<DeliveryRecord> visitor) {
    shelf.forEach(
        (id, record) -> {
          remember(record);
          visitor.accept(record);
        });
    arrivals.set(byArrival.isEmpty() ? 0 : byArrival.firstKey());
  }

  /** The next place in the order of arrival. */
  long arrival() {
    return arrivals.incrementAndGet();
  }

  /** Keeps a new delivery, durably; false, and nothing changed, if its id is taken. */
  boolean insert(DeliveryRecord record) {
    boolean fresh = shelf.insert(record.id(), record);
    if (fresh) {
      keepAtHand(record);
      remember(record);
    }
    return fresh;
  }

  /** Writes how a delivery stands now, durably. */
  void write(DeliveryRecord record) {
    // A write that fails may have been made all the same: then only the store knows.
    letGo(record.id());
    shelf.put(record.id(), record);
    remember(record);
    keepAtHand(record);
  }

  private void keepAtHand(DeliveryRecord record) {
    synchronized (atHand) {
      if (record.state().isOver()) {
        return;
      }
      atHand.put(record.id(), record);
      if (atHand.size() > MOST_AT_HAND) {
        atHand.remove(atHand.keySet().iterator().next());
      }
    }
  }

  private void letGo(String id) {
    synchronized (atHand) {
      atHand.remove(id);
    }
  }

  /** True if a delivery has told lately that a ref points to a commit. */
  boolean brought(SourceName source, String ref, String commit) {
    return brought.contains(source, ref, commit);
  }

  private void remember(DeliveryRecord record) {
    brought.add(record);
    byId.put(record.id(), DeliveryEntry.of(record));
    byArrival.put(record.arrival(), record.id());
  }

  Optional<DeliveryEntry> entry(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<DeliveryRecord> record(String id) {
    @Nullable DeliveryRecord kept;
    synchronized (atHand) {
      kept = atHand.get(id);
    }
    return kept == null ? shelf.find(id).map(Shelf.Held::value) : Optional.of(kept);
  }

  /** What is kept of a delivery, by its id or by the forge's own at one of {@code sources}. */
  DeliveryRecord find(String id, List<SourceName> sources) {
    return Stream.concat(
            Stream.of(id), sources.stream().map(source -> DeliveryLimits.id(source, id)))
        .filter(byId::containsKey)
        .findFirst()
        .flatMap(this::record)
        .orElseThrow(() -> unknown(id));
  }

  /** Deliveries, newest first; {@code after} is the {@code next} of the page before. */
  Page<DeliveryView> list(@Nullable SourceName source, int limit, @Nullable String after) {
    int count = Math.clamp(limit, 1, MOST_PER_PAGE);
    long before = after == null ? Long.MAX_VALUE : PageCursor.number(after);
    List<DeliveryEntry> known =
        byArrival.tailMap(before, false).values().stream()
            .map(byId::get)
            .filter(Objects::nonNull)
            .filter(entry -> source == null || source.equals(entry.source()))
            .limit(count + 1L)
            .toList();
    List<DeliveryEntry> shown = known.size() > count ? known.subList(0, count) : known;
    List<String> ids = shown.stream().map(DeliveryEntry::id).toList();
    Map<String, DeliveryRecord> found = ids.isEmpty() ? Map.of() : shelf.findAll(ids);
    return new Page<>(
        ids.stream().map(found::get).filter(Objects::nonNull).map(DeliveryRecord::view).toList(),
        known.size() > count ? Long.toString(shown.getLast().arrival()) : null);
  }

  static ApiException unknown(String id) {
    return new ApiException(
        Problem.Code.NOT_FOUND, "There is no delivery '" + Limits.shorten(id, 80) + "'.");
  }

  private Stream<DeliveryEntry> newestFirst() {
    return byArrival.values().stream().map(byId::get).filter(Objects::nonNull);
  }

  /** Forgets the oldest of the rejected ones, which strangers can make at will. */
  synchronized void forgetRejected(SourceName source) {
    forget(
        newestFirst()
            .filter(entry -> entry.verdict() == Verdict.REJECTED)
            .filter(entry -> entry.source().equals(source))
            .skip(MOST_REJECTED)
            .toList());
  }

  /** Forgets what is old and over. */
  synchronized void forgetOld() {
    forget(newestFirst().skip(MOST_KEPT).filter(entry -> entry.state().isOver()).toList());
  }

  /** Forgets what is over and came before this moment. */
  synchronized void forgetBefore(Instant moment) {
    forget(
        newestFirst()
            .filter(entry -> entry.state().isOver() && entry.receivedAt().isBefore(moment))
            .toList());
  }

  private void forget(List<DeliveryEntry> old) {
    List<String> ids = new ArrayList<>();
    for (DeliveryEntry entry : old) {
      ids.add(entry.id());
      byId.remove(entry.id());
      byArrival.remove(entry.arrival());
    }
    shelf.remove(ids);
  }
}
