package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes what is stored of a run, the run itself last, so that whoever was interrupted finds again
 * what is to be deleted. Thread-safe.
 */
final class RunEraser {
  private final Shelf<RunRecord> runs;
  private final Shelf<RunBook.Pointer> keys;
  private final RunEvents events;
  private final RunArchive archive;
  private final LogStore logs;
  private final Blobs blobs;
  private final Caches caches;
  private final Bundles bundles;

  RunEraser(Storage storage, Blobs blobs, Caches caches, Bundles bundles) {
    this.runs = storage.shelf("runs", RunRecord.class);
    this.keys = storage.shelf("runKeys", RunBook.Pointer.class);
    this.events = new RunEvents(storage);
    this.archive = new RunArchive(storage);
    this.logs = storage.logs();
    this.blobs = blobs;
    this.caches = caches;
    this.bundles = bundles;
  }

  /** Deletes a run that nobody can see any more; false if nothing was left of it. */
  boolean erase(RunId id) {
    Optional<RunRecord> found = runs.find(id.toString()).map(Shelf.Held::value);
    found.ifPresent(this::erase);
    return found.isPresent();
  }

  private void erase(RunRecord run) {
    String key = run.order().key();
    boolean own = keys.find(key).filter(held -> held.value().run().equals(run.id())).isPresent();
    if (own) {
      keys.remove(List.of(key));
    }
    List<RunSnapshot> attempts = attempts(run);
    attempts.forEach(this::eraseLogs);
    events.remove(run);
    eraseBlobs(run.id(), attempts);
    archive.remove(run.id(), run.attempt().number());
    runs.remove(List.of(run.id().toString()));
  }

  private List<RunSnapshot> attempts(RunRecord run) {
    List<RunSnapshot> all = new ArrayList<>();
    for (int number = 1; number < run.attempt().number(); number++) {
      archive.find(run.id(), number).ifPresent(all::add);
    }
    all.add(run.snapshot());
    return all;
  }

  private void eraseLogs(RunSnapshot attempt) {
    for (StepSnapshot step : attempt.steps()) {
      logs.remove(new LogKey(attempt.id(), attempt.attempt(), step.path()));
    }
  }

  /** What a cache of this run's pipeline holds goes with the cache, a bundle with its version. */
  private void eraseBlobs(RunId run, List<RunSnapshot> attempts) {
    Set<BlobDigest> brought = new LinkedHashSet<>(blobs.broughtBy(run));
    for (RunSnapshot attempt : attempts) {
      attempt.steps().stream()
          .flatMap(step -> step.artifacts().stream())
          .forEach(artifact -> brought.add(artifact.digest()));
    }
    for (BlobDigest digest : brought) {
      if (!caches.holds(run, digest) && !bundles.holds(digest)) {
        blobs.drop(run, digest);
      }
    }
    blobs.forget(run);
  }
}
