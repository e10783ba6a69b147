package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs keep for later runs of their pipeline, by key. The newest for a key stays; what nobody
 * has used for two weeks goes, and so does the least used when a pipeline has too many. A cache
 * that is lost never hurts more than time. Runs of a commit that nobody has approved share caches
 * only with those of the same pull request. Thread-safe.
 */
public final class Caches {
  private static final Logger log = LoggerFactory.getLogger(Caches.class);
  private static final Duration UNUSED = Duration.ofDays(14);
  private static final Duration NOTED_EVERY = Duration.ofHours(1);
  private static final int MOST_PER_PIPELINE = 100;
  private static final int LONGEST_KEY = 500;

  private final Shelf<CacheRecord> shelf;
  private final Blobs blobs;
  private final LiveRuns runs;
  private final InstantSource clock;
  private final ConcurrentMap<String, CacheRecord> known = new ConcurrentHashMap<>();

  Caches(Storage storage, Blobs blobs, LiveRuns runs, InstantSource clock) {
    this.shelf = storage.shelf("caches", CacheRecord.class);
    this.blobs = blobs;
    this.runs = runs;
    this.clock = clock;
    shelf.forEach((id, record) -> known.put(id, record));
  }

  /** What is kept for a key of the pipeline of this run, or why nothing is. */
  public CacheAnswer find(RunId id, String key) {
    RunRecord run = runs.record(id);
    if (run.order().isolated()) {
      return miss("A run that builds pipeline code has no caches.");
    }
    @Nullable String scope = scope(run);
    CacheRecord found = known.get(CacheRecord.id(id.pipeline(), scope, check(key)));
    if (found == null) {
      return miss(nothing(id.pipeline(), scope, key));
    }
    if (!blobs.has(found.blob())) {
      forget(found);
      return miss("What %s has stored for '%s' is lost.".formatted(found.storedBy(), key));
    }
    note(found);
    return new CacheAnswer(
        found.blob(),
        found.size(),
        "stored by %s at %s".formatted(found.storedBy(), minute(found.storedAt())));
  }

  private static CacheAnswer miss(String reason) {
    return new CacheAnswer(null, 0, reason);
  }

  private String nothing(PipelineName pipeline, @Nullable String scope, String key) {
    Optional<CacheRecord> newest =
        of(pipeline)
            .filter(one -> Objects.equals(one.scope(), scope))
            .max(Comparator.comparing(CacheRecord::storedAt));
    return newest
        .map(
            other ->
                "Nothing is kept for '%s'; the newest is '%s', stored by %s at %s."
                    .formatted(key, other.key(), other.storedBy(), minute(other.storedAt())))
        .orElse("Nothing is kept for '%s', nor for any other key yet.".formatted(key));
  }

  private static Instant minute(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  private Stream<CacheRecord> of(PipelineName pipeline) {
    return known.values().stream().filter(one -> one.pipeline().equals(pipeline));
  }

  /** The pull request among whose runs this one's caches stay; null if they are shared. */
  private static @Nullable String scope(RunRecord run) {
    Origin origin = run.order().origin();
    Object place = origin.pull() == null ? run.order().ref() : origin.pull();
    return origin.isVouchedFor() ? null : run.order().source() + "#" + place;
  }

  private static String check(String key) {
    boolean plain = key.chars().noneMatch(Character::isISOControl);
    if (key.isBlank() || key.length() > LONGEST_KEY || !plain) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "The key of a cache has 1 to %d printable characters.".formatted(LONGEST_KEY));
    }
    return key;
  }

  /** Notes that it is used, though not each time. */
  private synchronized void note(CacheRecord found) {
    Instant now = clock.instant();
    if (found.equals(known.get(found.id())) && found.usedAt().plus(NOTED_EVERY).isBefore(now)) {
      keep(found.used(now));
    }
  }

  private void keep(CacheRecord record) {
    shelf.put(record.id(), record);
    known.put(record.id(), record);
  }

  /**
   * Keeps an uploaded blob for a key; it replaces what was kept.
   *
   * @throws ApiException CONFLICT if the blob is not there, FORBIDDEN if the run did not upload it
   */
  public void store(RunId id, CacheEntry entry) {
    RunRecord run = runs.asking(id, entry.fence());
    if (run.order().isolated()) {
      throw new ApiException(
          Problem.Code.FORBIDDEN, "A run that builds pipeline code keeps no caches.");
    }
    check(entry.key());
    long size =
        blobs
            .size(entry.blob())
            .orElseThrow(
                () ->
                    new ApiException(
                        Problem.Code.CONFLICT,
                        "The blob " + entry.blob() + " is not here.",
                        "Upload it first."));
    @Nullable String scope = scope(run);
    if (!blobs.isUploadedBy(id, entry.blob()) && !holds(id.pipeline(), scope, entry.blob())) {
      throw new ApiException(
          Problem.Code.FORBIDDEN,
          "The run " + id + " did not upload the blob " + entry.blob() + ".");
    }
    blobs.share(id, entry.blob());
    Instant now = clock.instant();
    CacheRecord record =
        new CacheRecord(id.pipeline(), scope, entry.key(), entry.blob(), size, id, now, now);
    @Nullable CacheRecord before;
    synchronized (this) {
      before = known.get(record.id());
      keep(record);
    }
    if (before != null && !before.blob().equals(record.blob())) {
      dropBlob(before);
    }
    // What anybody may store never drives out what is shared.
    List<CacheRecord> all =
        of(id.pipeline()).filter(one -> (one.scope() == null) == (scope == null)).toList();
    if (all.size() > MOST_PER_PIPELINE) {
      all.stream().min(Comparator.comparing(CacheRecord::usedAt)).ifPresent(this::forget);
    }
  }

  /** True if the engine of this run may read the blob as a cache of its pipeline. */
  public boolean isOf(RunId run, BlobDigest blob) {
    RunRecord reader = runs.record(run);
    return !reader.order().isolated() && holds(run.pipeline(), scope(reader), blob);
  }

  private boolean holds(PipelineName pipeline, @Nullable String scope, BlobDigest blob) {
    return of(pipeline)
        .anyMatch(one -> one.blob().equals(blob) && Objects.equals(one.scope(), scope));
  }

  /** True if these bytes are kept as a cache that this run has stored. */
  boolean holds(RunId storedBy, BlobDigest blob) {
    return known.values().stream()
        .anyMatch(one -> one.blob().equals(blob) && one.storedBy().equals(storedBy));
  }

  private void forget(CacheRecord record) {
    synchronized (this) {
      if (!record.equals(known.get(record.id()))) {
        return;
      }
      shelf.remove(List.of(record.id()));
      known.remove(record.id());
    }
    dropBlob(record);
    log.atInfo()
        .addKeyValue("pipeline", record.pipeline())
        .addKeyValue("key", record.key())
        .addKeyValue("size", record.size())
        .log("Cache was dropped");
  }

  private void dropBlob(CacheRecord record) {
    if (known.values().stream().noneMatch(one -> one.blob().equals(record.blob()))) {
      blobs.drop(record.storedBy(), record.blob());
    }
  }

  /** Forgets what was not used for two weeks. To be called now and then. */
  public void sweep() {
    Instant old = clock.instant().minus(UNUSED);
    known.values().stream().filter(one -> one.usedAt().isBefore(old)).forEach(this::forget);
  }
}
