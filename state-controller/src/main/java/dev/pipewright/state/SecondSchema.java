package dev.pipewright.state;

import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What leads from version 1 of the schema to 2: members that came later, and that were guessed
 * whenever such a record was read, are written into it. A run of before there were origins is
 * trusted, as it was then; from now on one without an origin is foreign. Pure but for the store.
 */
final class SecondSchema {
  private static final String ORIGIN = "origin";

  private SecondSchema() {}

  /** Changes what is of version 1, which may be repeated; tells how many records that were. */
  static long migrate(Storage storage) {
    return change(storage, "runs", SecondSchema::run)
        + change(storage, "attempts", SecondSchema::trust)
        + change(storage, "pipelines", SecondSchema::pipeline)
        + change(storage, "deliveries", SecondSchema::delivery)
        + change(storage, "blobOrigins", record -> fill(record, "more", List.of()))
        + change(storage, "runUploads", record -> fill(record, "blobs", List.of()));
  }

  /** Visits all and remembers only the ids, as there may be a hundred thousand runs. */
  private static long change(Storage storage, String name, Predicate<StoredRecord> change) {
    Shelf<StoredRecord> shelf = storage.shelf(name, StoredRecord.class);
    List<String> old = new ArrayList<>();
    shelf.forEach(
        (id, record) -> {
          if (change.test(record)) {
            old.add(id);
          }
        });
    for (String id : old) {
      shelf
          .find(id)
          .filter(held -> change.test(held.value()))
          .ifPresent(held -> shelf.replace(id, held.revision(), held.value()));
    }
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
