package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built versions of pipeline code, and how long their bundles are kept: as long as a run is
 * kept that uses one, it is the newest of its source, or somebody has asked for it in the last
 * hour. Looks at one source at a time, at each of them once a day. A version that is gone is built
 * again when it is asked for. Thread-safe; one change at a time.
 */
final class Bundles {
  private static final Logger log = LoggerFactory.getLogger(Bundles.class);
  private static final Duration RECENT = Duration.ofHours(1);
  private static final Duration LOOK_EVERY = Duration.ofDays(1);

  /** With more kept runs than this in a pipeline, reading them all costs more than it frees. */
  private static final int MOST_RUNS = 5000;

  private static final int AT_ONCE = 200;

  /** A version without its plans, and when it was asked for last. */
  private static final class Known {
    private final SourceName source;
    private final BlobDigest bundle;
    private final Set<PipelineName> names = new HashSet<>();
    private final Instant builtAt;
    private volatile Instant asked;

    private Known(PipelineVersion version, Instant asked) {
      this.source = version.source();
      this.bundle = version.bundle();
      version.plans().stream().map(Plan::pipeline).forEach(names::add);
      this.builtAt = version.builtAt();
      this.asked = asked;
    }
  }

  /** That a version is removed, written before anything of it is. */
  record Mark(BlobDigest bundle) {}

  private final Shelf<PipelineVersion> versions;
  private final Shelf<Mark> marks;
  private final Shelf<RunRecord> runs;
  private final RunBook book;
  private final Pipelines pipelines;
  private final Blobs blobs;
  private final InstantSource clock;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<SourceName, Instant> nextLooks = new HashMap<>();

  Bundles(Storage storage, RunBook book, Pipelines pipelines, Blobs blobs, InstantSource clock) {
    this.versions = storage.shelf("versions", PipelineVersion.class);
    this.marks = storage.shelf("removedVersions", Mark.class);
    this.runs = storage.shelf("runs", RunRecord.class);
    this.book = book;
    this.pipelines = pipelines;
    this.blobs = blobs;
    this.clock = clock;
    Instant now = clock.instant();
    versions.forEach((key, version) -> known.put(key, new Known(version, now)));
    Map<String, Mark> left = new HashMap<>();
    marks.forEach(left::put);
    left.forEach(this::finish);
  }

  /** The version with this key, if it was built and is kept; it stays for an hour at least. */
  synchronized Optional<PipelineVersion> find(String key) {
    return isKept(key) ? versions.find(key).map(Shelf.Held::value) : Optional.empty();
  }

  /** True if the version with this key is kept; it stays for an hour at least. */
  synchronized boolean isKept(String key) {
    Known found = known.get(key);
    if (found == null) {
      return false;
    }
    found.asked = clock.instant();
    return true;
  }

  /** Keeps a built version; the first with a key stays. */
  synchronized void store(PipelineVersion version) {
    if (versions.insert(version.key(), version)) {
      known.put(version.key(), new Known(version, clock.instant()));
    }
  }

  /** True if these bytes are the bundle of a version that is kept. */
  synchronized boolean holds(BlobDigest digest) {
    return known.values().stream().anyMatch(version -> version.bundle.equals(digest));
  }

  /** Looks at one source whose turn it is. To be called every few seconds, by one thread. */
  void sweep() {
    Map<String, Known> all = next();
    for (Map.Entry<String, Known> each : List.copyOf(all.entrySet())) {
      if (!blobs.has(each.getValue().bundle)) {
        remove(each.getKey(), Instant.MAX, "Its bundle is not there any more.");
        all.remove(each.getKey());
      }
    }
    Instant recent = clock.instant().minus(RECENT);
    Map<String, Known> old = new HashMap<>(all);
    old.values().removeIf(version -> !isOld(version, recent, all.values()));
    Set<PipelineName> names = new HashSet<>();
    old.values().forEach(version -> names.addAll(version.names));
    Set<String> used = new HashSet<>();
    for (PipelineName pipeline : names) {
      if (!addUsed(pipeline, used)) {
        return;
      }
    }
    old.keySet().removeAll(used);
    old.keySet().forEach(key -> remove(key, recent, "Nobody needs it."));
  }

  /** The versions of the source whose turn it is. */
  private synchronized Map<String, Known> next() {
    Instant now = clock.instant();
    Map<String, Known> found = new HashMap<>();
    Optional<SourceName> due =
        known.values().stream()
            .map(version -> version.source)
            .filter(source -> !nextLooks.getOrDefault(source, Instant.MIN).isAfter(now))
            .findFirst();
    if (due.isPresent()) {
      nextLooks.put(due.get(), now.plus(LOOK_EVERY));
      known.forEach(
          (key, version) -> {
            if (version.source.equals(due.get())) {
              found.put(key, version);
            }
          });
    }
    return found;
  }

  private static boolean isOld(Known version, Instant recent, Collection<Known> all) {
    return version.asked.isBefore(recent)
        && all.stream().anyMatch(other -> other.builtAt.isAfter(version.builtAt));
  }

  /** Unless somebody has asked for it since {@code recent}. */
  private synchronized void remove(String key, Instant recent, String why) {
    Known version = known.get(key);
    if (version != null && version.asked.isBefore(recent)) {
      Mark mark = new Mark(version.bundle);
      marks.put(key, mark);
      finish(key, mark);
      log.atInfo().addKeyValue("version", key).addKeyValue("why", why).log("Version was removed");
    }
  }

  /** Adds the versions of all kept runs of a pipeline; false if there are too many runs. */
  private boolean addUsed(PipelineName pipeline, Set<String> used) {
    List<Long> numbers =
        book.removed().below(pipeline, pipelines.lastNumber(pipeline) + 1, MOST_RUNS + 1);
    if (numbers.size() > MOST_RUNS) {
      log.atDebug().addKeyValue("pipeline", pipeline).log("Too many runs to look for versions");
      return false;
    }
    List<String> ids =
        numbers.stream().map(number -> new RunId(pipeline, number).toString()).toList();
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
      runs.findAll(some).values().stream().map(run -> run.order().versionKey()).forEach(used::add);
    }
    return true;
  }

  /** Removes what a mark names. May be repeated. */
  private void finish(String key, Mark mark) {
    known.remove(key);
    versions.remove(List.of(key));
    if (!holds(mark.bundle())) {
      blobs.dropOf(mark.bundle(), book.removed()::contains);
    }
    marks.remove(List.of(key));
  }
}
