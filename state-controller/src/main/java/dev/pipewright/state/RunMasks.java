package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.state.mask.EventMask;
import dev.pipewright.state.mask.Mask;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hides the secrets that were released to a run in everything that its engine sends, the second
 * wall behind the engine's own masking. What was released is kept, sealed, until nothing of the run
 * is accepted any more, so a restart forgets nothing and neither does a changed secret.
 * Thread-safe.
 */
final class RunMasks implements RunMask {
  private static final Logger log = LoggerFactory.getLogger(RunMasks.class);
  private static final Duration AFTERLIFE = RunQueue.AFTERLIFE.multipliedBy(2);

  private final Shelf<Kept> shelf;
  private final SecretBox box;
  private final LiveRuns runs;
  private final ReportMask reports;
  private final InstantSource clock;
  private final ConcurrentMap<RunId, Hidden> hidden = new ConcurrentHashMap<>();

  /** The values that were released to a run, each sealed. */
  record Kept(List<String> sealed) {
    Kept {
      sealed = List.copyOf(sealed);
    }
  }

  private record Hidden(Set<String> values, Mask mask, OutputMask output) {
    static Hidden of(Set<String> values) {
      Mask mask = Mask.of(values);
      return new Hidden(values, mask, new OutputMask(mask));
    }

    @Override
    public String toString() {
      return mask.toString();
    }
  }

  RunMasks(Storage storage, SecretBox box, LiveRuns runs, ReportMask reports, InstantSource clock) {
    this.reports = reports;
    this.shelf = storage.shelf("runSecrets", Kept.class);
    this.box = box;
    this.runs = runs;
    this.clock = clock;
    shelf.forEach((id, kept) -> restore(RunId.parse(id), kept));
  }

  private void restore(RunId run, Kept kept) {
    Set<String> values = new LinkedHashSet<>();
    boolean old = false;
    for (String sealed : kept.sealed()) {
      old |= box.renewed(sealed, owner(run)).isPresent();
      Optional<String> value = box.tryUnseal(sealed, owner(run));
      if (value.isEmpty()) {
        log.atError()
            .addKeyValue("run", run)
            .log(
                "A secret of this run cannot be read and will not be hidden: was the key changed?");
      }
      value.ifPresent(values::add);
    }
    if (old) {
      keep(run, values);
    }
    hidden.put(run, Hidden.of(values));
  }

  private static String owner(RunId run) {
    return "run|" + run;
  }

  private void keep(RunId run, Set<String> values) {
    List<String> sealed = new ArrayList<>();
    values.forEach(value -> sealed.add(box.seal(value, owner(run))));
    shelf.put(run.toString(), new Kept(sealed));
  }

  /** From now on these values are hidden in what the run sends. Durable when it returns. */
  synchronized void released(RunId run, Collection<String> values) {
    Hidden before = hidden.get(run);
    Set<String> all = new LinkedHashSet<>(before == null ? Set.of() : before.values());
    if (all.addAll(values)) {
      keep(run, all);
      hidden.put(run, Hidden.of(all));
    }
  }

  private Mask mask(RunId run) {
    Hidden found = hidden.get(run);
    return found == null ? Mask.NONE : found.mask();
  }

  @Override
  public List<EventEnvelope> events(RunId run, List<EventEnvelope> events) {
    Mask mask = mask(run);
    if (mask.isEmpty()) {
      return events;
    }
    EventMask hides = new EventMask(mask);
    return hides.events(events).stream().map(event -> reports.masked(event, hides)).toList();
  }

  @Override
  public long append(LogStore logs, LogKey log, long offset, byte[] bytes) {
    Hidden found = hidden.get(log.run());
    return found == null || found.mask().isEmpty()
        ? logs.append(log, offset, bytes)
        : found.output().append(logs, log, offset, bytes);
  }

  /** Forgets the secrets of runs of which nothing is accepted any more. */
  void sweep() {
    Instant now = clock.instant();
    for (RunId run : hidden.keySet()) {
      if (isLongOver(run, now)) {
        synchronized (this) {
          shelf.remove(List.of(run.toString()));
          hidden.remove(run);
        }
      }
    }
  }

  private boolean isLongOver(RunId id, Instant now) {
    try {
      RunRecord run = runs.record(id);
      Instant finishedAt = run.finishedAt();
      return run.over() && finishedAt != null && finishedAt.plus(AFTERLIFE).isBefore(now);
    } catch (ApiException e) {
      return true;
    }
  }
}
