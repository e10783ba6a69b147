package dev.pipewright.state.store;

/** Everything that is kept. One implementation per kind of database. Thread-safe. */
public interface Storage extends AutoCloseable {

  /** The shelf of this name, made at its first use. */
  <T> Shelf<T> shelf(String name, Class<T> type);

  /** Adds one to the counter {@code name} and gives its new value; the first is 1. */
  long next(String name);

  /** The output of steps. */
  LogStore logs();

  /** Content-addressed bytes. */
  BlobStore blobs();

  /**
   * Throws {@link StoreException} if the store cannot be reached within a few seconds; returns
   * otherwise.
   */
  void ping();

  /** Lets go of everything; later calls fail. */
  @Override
  void close();
}
