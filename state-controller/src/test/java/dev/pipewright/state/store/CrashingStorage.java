package dev.pipewright.state.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Dies at one of its writes, shortly before or shortly after it is made; then nothing works. */
public final class CrashingStorage implements Storage {
  private final Storage storage;
  private final int fatal;
  private final boolean made;
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * A storage that dies.
   *
   * @param fatal the number of the write it dies at; the first is 1
   * @param made whether that write is still made
   */
  public CrashingStorage(Storage storage, int fatal, boolean made) {
    this.storage = storage;
    this.fatal = fatal;
    this.made = made;
  }

  /** True once it is dead. */
  public boolean isDead() {
    return writes.get() >= fatal;
  }

  private <R> R write(Supplier<R> write) {
    int number = writes.incrementAndGet();
    R result = number < fatal || (number == fatal && made) ? write.get() : null;
    if (number >= fatal || result == null) {
      throw new StoreException("The process was killed.");
    }
    return result;
  }

  @Override
  public <T> Shelf<T> shelf(String name, Class<T> type) {
    Shelf<T> shelf = storage.shelf(name, type);
    return new Shelf<>() {
      @Override
      public boolean insert(String id, T value) {
        return write(() -> shelf.insert(id, value));
      }

      @Override
      public void put(String id, T value) {
        boolean unused =
            write(
                () -> {
                  shelf.put(id, value);
                  return true;
                });
      }

      @Override
      public boolean replace(String id, long revision, T value) {
        return write(() -> shelf.replace(id, revision, value));
      }

      @Override
      public Optional<Held<T>> find(String id) {
        return shelf.find(id);
      }

      @Override
      public Map<String, T> findAll(Collection<String> ids) {
        return shelf.findAll(ids);
      }

      @Override
      public void remove(List<String> ids) {
        boolean unused =
            write(
                () -> {
                  shelf.remove(ids);
                  return true;
                });
      }

      @Override
      public void forEach(BiConsumer<String, T> visitor) {
        shelf.forEach(visitor);
      }
    };
  }

  @Override
  public long next(String name) {
    return write(() -> storage.next(name));
  }

  @Override
  public LogStore logs() {
    return storage.logs();
  }

  @Override
  public BlobStore blobs() {
    return storage.blobs();
  }

  @Override
  public void ping() {
    storage.ping();
  }

  @Override
  public void close() {
    storage.close();
  }
}
