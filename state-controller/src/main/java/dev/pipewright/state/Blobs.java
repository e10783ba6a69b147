package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.state.store.BlobStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs and who brought them. A run may bring 4 GiB in all. Whoever stores bytes that are there
 * already becomes a further owner of them. A blob goes when its last owner drops it; what a service
 * has stored, or very many runs have, stays for good. Thread-safe.
 */
public final class Blobs implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Blobs.class);
  private static final long MOST_PER_RUN = 4L * 1024 * 1024 * 1024;
  private static final int STRIPES = 64;
  private static final int MOST_OWNERS = 1000;

  private final BlobStore store;
  private final LiveRuns runs;
  private final Shelf<Origin> origins;
  private final Shelf<Brought> totals;
  private final long mostPerRun;
  private final ConcurrentMap<RunId, Uploads> uploads = new ConcurrentHashMap<>();
  private final Object[] guards = new Object[STRIPES];

  /** The runs that brought a blob; {@code run} is null if it stays for good. */
  record Origin(@Nullable RunId run, List<RunId> more) {
    Origin {
      more = List.copyOf(more);
    }

    private Origin(List<RunId> owners) {
      this(
          owners.isEmpty() || owners.size() > MOST_OWNERS ? null : owners.getFirst(),
          owners.size() > MOST_OWNERS ? List.of() : owners.stream().skip(1).toList());
    }

    private List<RunId> owners() {
      List<RunId> all = new ArrayList<>(more);
      if (run != null) {
        all.addFirst(run);
      }
      return all;
    }
  }

  /** How many bytes a run has brought, and which blobs, as far as that was written down. */
  record Brought(long bytes, List<BlobDigest> blobs) {
    Brought {
      blobs = List.copyOf(blobs);
    }
  }

  private static final class Uploads {
    private final AtomicLong bytes;
    private final Set<BlobDigest> digests = ConcurrentHashMap.newKeySet();

    private Uploads(Brought before) {
      this.bytes = new AtomicLong(before.bytes());
      this.digests.addAll(before.blobs());
    }
  }

  Blobs(Storage storage, LiveRuns runs) {
    this(storage, runs, MOST_PER_RUN);
  }

  Blobs(Storage storage, LiveRuns runs, long mostPerRun) {
    this.store = storage.blobs();
    this.runs = runs;
    this.origins = storage.shelf("blobOrigins", Origin.class);
    this.totals = storage.shelf("runUploads", Brought.class);
    this.mostPerRun = mostPerRun;
    for (int i = 0; i < STRIPES; i++) {
      guards[i] = new Object();
    }
  }

  private Object guard(BlobDigest digest) {
    return guards[Math.floorMod(digest.hashCode(), STRIPES)];
  }

  /** The bytes from the beginning, if they are stored. */
  public Optional<InputStream> open(BlobDigest digest) {
    return store.open(digest);
  }

  /** The size in bytes, if it is stored. */
  public Optional<Long> size(BlobDigest digest) {
    return store.size(digest);
  }

  boolean has(BlobDigest digest) {
    return store.size(digest).isPresent();
  }

  /** True if this run has stored these bytes, as far as this process knows. */
  boolean isUploadedBy(RunId run, BlobDigest digest) {
    Uploads found = uploads.get(run);
    return found != null && found.digests.contains(digest);
  }

  /**
   * Stores a blob for a service.
   *
   * @return false, and nothing stored, if the content has another digest
   */
  public boolean put(BlobDigest digest, InputStream content) throws IOException {
    return put(null, digest, content);
  }

  /**
   * Stores a blob that a run brings.
   *
   * @return false, and nothing stored, if the content has another digest
   * @throws ApiException TOO_LARGE if the run has brought too much, FENCED if its launch was
   *     replaced
   */
  public boolean putFor(RunId id, long fence, BlobDigest digest, InputStream content)
      throws IOException {
    RunRecord unused = runs.asking(id, fence);
    Uploads mine = uploads.computeIfAbsent(id, this::stored);
    boolean kept = has(digest) ? put(id, digest, content) : putFresh(id, mine, digest, content);
    if (kept) {
      note(id, mine, digest);
    }
    return kept;
  }

  private void note(RunId id, Uploads mine, BlobDigest digest) {
    synchronized (mine) {
      if (mine.digests.add(digest)) {
        totals.put(id.toString(), new Brought(mine.bytes.get(), List.copyOf(mine.digests)));
      }
    }
  }

  /** The blobs a run has brought, as far as that was noted. */
  List<BlobDigest> broughtBy(RunId run) {
    return totals.find(run.toString()).map(held -> held.value().blobs()).orElse(List.of());
  }

  /** Forgets what a run has brought, once it is removed. */
  void forget(RunId run) {
    totals.remove(List.of(run.toString()));
    uploads.remove(run);
  }

  private boolean putFresh(RunId id, Uploads mine, BlobDigest digest, InputStream content)
      throws IOException {
    Counted counted = new Counted(content, mine.bytes, id);
    boolean kept = false;
    try {
      kept = put(id, digest, counted);
    } finally {
      if (!kept) {
        long unused = mine.bytes.addAndGet(-counted.count);
      }
    }
    return kept;
  }

  private Uploads stored(RunId run) {
    return new Uploads(
        totals.find(run.toString()).map(Shelf.Held::value).orElse(new Brought(0, List.of())));
  }

  private boolean put(@Nullable RunId run, BlobDigest digest, InputStream content)
      throws IOException {
    if (!store.put(digest, content)) {
      return false;
    }
    synchronized (guard(digest)) {
      if (!has(digest)) {
        throw new StoreException("The blob " + digest + " was dropped meanwhile; send it again.");
      }
      own(run, digest);
    }
    return true;
  }

  private void own(@Nullable RunId run, BlobDigest digest) {
    if (origins.insert(digest.value(), new Origin(run, List.of()))) {
      return;
    }
    List<RunId> owners =
        origins.find(digest.value()).map(held -> held.value().owners()).orElse(List.of());
    if (owners.isEmpty() || (run != null && owners.contains(run))) {
      return;
    }
    List<RunId> all = new ArrayList<>(run == null ? List.of() : owners);
    if (run != null) {
      all.add(run);
    }
    origins.put(digest.value(), new Origin(all));
  }

  /** Makes a run an owner of a blob that is there. */
  void share(RunId run, BlobDigest digest) {
    synchronized (guard(digest)) {
      own(run, digest);
    }
  }

  /** Ends the ownership of a run in a blob; without owners the blob goes. May be repeated. */
  void drop(RunId by, BlobDigest digest) {
    synchronized (guard(digest)) {
      List<RunId> owners =
          origins.find(digest.value()).map(held -> held.value().owners()).orElse(List.of());
      if (owners.size() > 1 && owners.contains(by)) {
        origins.put(
            digest.value(),
            new Origin(owners.stream().filter(owner -> !owner.equals(by)).toList()));
      } else if (owners.contains(by)) {
        store.remove(digest);
        origins.remove(List.of(digest.value()));
        log.atDebug().addKeyValue("blob", digest).log("Blob was dropped");
      }
    }
  }

  /**
   * Ends the ownership of all runs that {@code gone} says are no longer kept; without owners the
   * blob goes. May be repeated.
   */
  void dropOf(BlobDigest digest, Predicate<RunId> gone) {
    origins.find(digest.value()).map(held -> held.value().owners()).orElse(List.of()).stream()
        .filter(gone)
        .forEach(owner -> drop(owner, digest));
  }

  /** A finished run brings nothing more; another attempt may bring as much again. */
  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    Uploads mine = after.over() ? uploads.remove(after.id()) : null;
    if (mine == null) {
      return;
    }
    try {
      synchronized (mine) {
        totals.put(after.id().toString(), new Brought(0, List.copyOf(mine.digests)));
      }
    } catch (StoreException e) {
      log.atDebug().setCause(e).log("Could not set back how much a run has brought");
    }
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // Blobs belong to runs.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    // Output is no blob.
  }

  /** Counts what is read, and ends when the run has brought too much. */
  private final class Counted extends FilterInputStream {
    private final AtomicLong total;
    private final RunId run;
    private long count;

    private Counted(InputStream content, AtomicLong total, RunId run) {
      super(content);
      this.total = total;
      this.run = run;
    }

    private int counted(int read) {
      if (read > 0) {
        count += read;
        if (total.addAndGet(read) > mostPerRun) {
          throw new ApiException(
              Problem.Code.TOO_LARGE,
              "The run %s has kept %,d bytes, which is the most for one run."
                  .formatted(run, mostPerRun),
              "Keep fewer or smaller files.");
        }
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int found = super.read();
      int unused = counted(found < 0 ? 0 : 1);
      return found;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return counted(super.read(into, offset, length));
    }
  }
}
