package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What leads from version 1 of the schema to 2: members that came later, and that were guessed
 * whenever such a record was read, are written into it. A run of before there were origins is
 * trusted, as it was then; from now on one without an origin is foreign. Pure but for the store.
 */
final class SecondSchema {
  private static final String ORIGIN = "origin";
  private static final int AT_ONCE = 200;

  private SecondSchema() {}

  /** Changes what is of version 1, which may be repeated; tells how many records that were. */
  static long migrate(Storage storage) {
    return runs(storage)
        + change(storage, "pipelines", SecondSchema::pipeline)
        + change(storage, "deliveries", SecondSchema::delivery)
        + change(storage, "seenRefs", SecondSchema::pulls)
        + change(storage, "schedules", SecondSchema::pulls)
        + change(storage, "blobOrigins", record -> fill(record, "more", List.of()))
        + change(storage, "runUploads", record -> fill(record, "blobs", List.of()));
  }

  private static long change(Storage storage, String name, Predicate<StoredRecord> change) {
    Shelf<StoredRecord> shelf = storage.shelf(name, StoredRecord.class);
    List<String> old = new ArrayList<>();
    shelf.forEach(
        (id, record) -> {
          if (change.test(record)) {
            old.add(id);
          }
        });
    replace(shelf, old, change);
    return old.size();
  }

  private static void replace(
      Shelf<StoredRecord> shelf, List<String> ids, Predicate<StoredRecord> change) {
    for (String id : ids) {
      shelf
          .find(id)
          .filter(held -> change.test(held.value()))
          .ifPresent(held -> shelf.replace(id, held.revision(), held.value()));
    }
  }

  /** There may be more runs than fit into memory, so their numbers are counted through. */
  private static long runs(Storage storage) {
    Map<PipelineName, Long> newest = new HashMap<>();
    storage
        .shelf("pipelines", StoredRecord.class)
        .forEach((id, pipeline) -> list(pipeline.get("latest")).forEach(run -> note(run, newest)));
    storage
        .shelf("openRuns", StoredRecord.class)
        .forEach((id, pointer) -> note(RunId.parse(id), newest));
    long changed = 0;
    for (Map.Entry<PipelineName, Long> pipeline : newest.entrySet()) {
      Map<String, StoredRecord> found = Map.of();
      // On until nothing comes any more: runs that were cancelled may be newer than the last
      // result.
      for (long from = 1; from <= pipeline.getValue() || !found.isEmpty(); from += AT_ONCE) {
        found =
            storage
                .shelf("runs", StoredRecord.class)
                .findAll(
                    LongStream.range(from, from + AT_ONCE)
                        .mapToObj(number -> new RunId(pipeline.getKey(), number).toString())
                        .toList());
        changed += runs(storage, found);
      }
    }
    return changed;
  }

  private static void note(@Nullable Object run, Map<PipelineName, Long> newest) {
    if (run instanceof Map<?, ?> members && members.get("id") instanceof String id) {
      note(RunId.parse(id), newest);
    }
  }

  private static void note(RunId run, Map<PipelineName, Long> newest) {
    newest.merge(run.pipeline(), run.number(), Math::max);
  }

  /** The attempts of these runs first: which there may be is in the run. */
  private static long runs(Storage storage, Map<String, StoredRecord> found) {
    List<String> attempts = new ArrayList<>();
    found.forEach(
        (id, run) ->
            IntStream.rangeClosed(1, attempt(run))
                .forEach(number -> attempts.add(id + "." + number)));
    Shelf<StoredRecord> archive = storage.shelf("attempts", StoredRecord.class);
    return change(archive, archive.findAll(attempts), SecondSchema::trust)
        + change(storage.shelf("runs", StoredRecord.class), found, SecondSchema::run);
  }

  private static int attempt(StoredRecord run) {
    return run.get("attempt") instanceof Map<?, ?> attempt
            && attempt.get("number") instanceof Number number
        ? number.intValue()
        : 1;
  }

  private static long change(
      Shelf<StoredRecord> shelf, Map<String, StoredRecord> found, Predicate<StoredRecord> change) {
    List<String> old =
        found.entrySet().stream()
            .filter(entry -> change.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    replace(shelf, old, change);
    return old.size();
  }

  private static boolean run(StoredRecord run) {
    RunAttempt first = RunAttempt.first(run.get("startedAt") != null);
    boolean attempt = fill(run, "attempt", first);
    return trust(run.get("order")) || attempt;
  }

  private static boolean pipeline(StoredRecord pipeline) {
    boolean changed = false;
    for (Object run : list(pipeline.get("latest"))) {
      changed |= trust(run);
    }
    if (pipeline.get("results") instanceof Map<?, ?> results) {
      for (Object result : results.values()) {
        changed |= result instanceof Map<?, ?> members && trust(members.get("last"));
      }
    }
    return changed;
  }

  private static Collection<?> list(@Nullable Object found) {
    return found instanceof Collection<?> items ? items : List.of();
  }

  private static boolean delivery(StoredRecord delivery) {
    boolean done = Boolean.TRUE.equals(delivery.get("done"));
    DeliveryState state = done ? DeliveryState.DONE : DeliveryState.RECEIVED;
    return fill(delivery, "progress", DeliveryProgress.at(state));
  }

  /** Of before anybody looked for pull requests: there is nothing to compare their heads with. */
  private static boolean pulls(StoredRecord source) {
    return fill(source, "pulls", false);
  }

  private static boolean trust(@Nullable Object run) {
    return fill(run, ORIGIN, Origin.TRUSTED);
  }

  /** Puts {@code value} where there is none yet; false if there was nothing to do. */
  @SuppressWarnings("unchecked")
  private static boolean fill(@Nullable Object record, String member, Object value) {
    if (!(record instanceof Map<?, ?> members) || members.get(member) != null) {
      return false;
    }
    ((Map<String, Object>) members).put(member, value);
    return true;
  }
}
