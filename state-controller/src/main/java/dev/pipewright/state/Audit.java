package dev.pipewright.state;

import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What people changed or tried to change. Entries are only ever added. They are numbered, so that a
 * page is a look at a handful of ids. Thread-safe.
 */
public final class Audit {
  private static final String COUNTER = "audit";
  private static final int LONGEST = 300;
  private static final int LARGEST_PAGE = 500;
  private static final int LOOK = 200;

  private final Storage storage;
  private final Shelf<AuditEntry> shelf;
  private final InstantSource clock;

  /** The highest number there may be; 0 while nobody has asked since the start. */
  private final AtomicLong newest = new AtomicLong();

  Audit(Storage storage, InstantSource clock) {
    this.storage = storage;
    this.shelf = storage.shelf("audit", AuditEntry.class);
    this.clock = clock;
  }

  /**
   * Adds an entry; when this returns it survives the death of the process.
   *
   * @param what the meaning of the route
   * @param target the address of what it was about, which must hold no secret
   */
  public void add(TokenSelf who, String what, String target, int status, String from) {
    long id = storage.next(COUNTER);
    AuditEntry entry =
        new AuditEntry(
            id,
            clock.instant(),
            who.name(),
            who.kind(),
            what,
            Limits.shorten(target, LONGEST),
            status,
            Limits.shorten(from, LONGEST));
    if (!shelf.insert(id(id), entry)) {
      throw new StoreException("The audit log has an entry " + id + " already.");
    }
    long unused = newest.accumulateAndGet(id, Math::max);
  }

  private static String id(long number) {
    return "audit-" + number;
  }

  /** A page of entries, newest first; {@code after} is the last of the page before. */
  public Page<AuditEntry> list(int limit, @Nullable String after) {
    int size = Math.clamp(limit, 1, LARGEST_PAGE);
    long upTo = after == null ? newest() : PageCursor.number(after) - 1;
    List<AuditEntry> found = new ArrayList<>();
    while (upTo > 0 && found.size() <= size) {
      long from = Math.max(1, upTo - LOOK + 1);
      List<String> ids = LongStream.rangeClosed(from, upTo).mapToObj(Audit::id).toList().reversed();
      Map<String, AuditEntry> known = shelf.findAll(ids);
      ids.stream().filter(known::containsKey).map(known::get).forEach(found::add);
      upTo = from - 1;
    }
    boolean more = found.size() > size;
    List<AuditEntry> page = found.subList(0, Math.min(size, found.size()));
    return new Page<>(page, more ? Long.toString(page.getLast().id()) : null);
  }

  /** Nothing is written at a start, so the first who looks after one uses up a number. */
  private long newest() {
    long known = newest.get();
    return known > 0 ? known : newest.accumulateAndGet(storage.next(COUNTER), Math::max);
  }
}
