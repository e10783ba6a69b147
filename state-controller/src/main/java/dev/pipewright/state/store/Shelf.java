package dev.pipewright.state.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A durable map from ids to records of one kind. When a write returns, it survives the death of the
 * process. A write that throws {@link StoreException} may or may not have been made. Thread-safe.
 */
public interface Shelf<T> {

  /** A record and its revision, which begins at 1 and grows with every write. */
  record Held<T>(T value, long revision) {}

  /** Adds a record; false, and nothing changed, if the id is taken. */
  boolean insert(String id, T value);

  /** Sets a record, whatever was there. */
  void put(String id, T value);

  /** Replaces a record if it still has this revision; false, and nothing changed, if not. */
  boolean replace(String id, long revision, T value);

  /** The record with this id. */
  Optional<Held<T>> find(String id);

  /** Those of these ids that exist. */
  Map<String, T> findAll(Collection<String> ids);

  /** Removes these ids; unknown ones do no harm. */
  void remove(List<String> ids);

  /** Visits everything, in no order. Only for small shelves and only at start. */
  void forEach(BiConsumer<String, T> visitor);
}
