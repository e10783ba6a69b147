package dev.pipewright.state.metrics;

import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.state.store.BlobStore;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Another storage, with a look at the clock before and after. Thread-safe as that one. */
public final class MeteredStorage implements Storage {
  private final Storage inner;
  private final Meters meters;

  public MeteredStorage(Storage inner, Meters meters) {
    this.inner = inner;
    this.meters = meters;
  }

  private <T> T timed(String operation, Supplier<T> work) {
    long begin = System.nanoTime();
    try {
      return work.get();
    } finally {
      meters.stored(operation, System.nanoTime() - begin);
    }
  }

  private void timed(String operation, Runnable work) {
    boolean unused =
        timed(
            operation,
            () -> {
              work.run();
              return true;
            });
  }

  @Override
  public <T> Shelf<T> shelf(String name, Class<T> type) {
    return new TimedShelf<>(inner.shelf(name, type));
  }

  @Override
  public long next(String name) {
    return timed("count", () -> inner.next(name));
  }

  @Override
  public LogStore logs() {
    return new TimedLogs(inner.logs());
  }

  @Override
  public BlobStore blobs() {
    return inner.blobs();
  }

  @Override
  public void ping() {
    inner.ping();
  }

  @Override
  public void close() {
    inner.close();
  }

  private final class TimedShelf<T> implements Shelf<T> {
    private final Shelf<T> shelf;

    private TimedShelf(Shelf<T> shelf) {
      this.shelf = shelf;
    }

    @Override
    public boolean insert(String id, T value) {
      return timed("write", () -> shelf.insert(id, value));
    }

    @Override
    public void put(String id, T value) {
      timed("write", () -> shelf.put(id, value));
    }

    @Override
    public boolean replace(String id, long revision, T value) {
      return timed("write", () -> shelf.replace(id, revision, value));
    }

    @Override
    public Optional<Held<T>> find(String id) {
      return timed("read", () -> shelf.find(id));
    }

    @Override
    public Map<String, T> findAll(Collection<String> ids) {
      return timed("read", () -> shelf.findAll(ids));
    }

    @Override
    public void remove(List<String> ids) {
      timed("remove", () -> shelf.remove(ids));
    }

    @Override
    public void forEach(BiConsumer<String, T> visitor) {
      shelf.forEach(visitor);
    }
  }

  private final class TimedLogs implements LogStore {
    private final LogStore logs;

    private TimedLogs(LogStore logs) {
      this.logs = logs;
    }

    @Override
    public long append(LogKey log, long offset, byte[] bytes) {
      return timed("append", () -> logs.append(log, offset, bytes));
    }

    @Override
    public void overwrite(LogKey log, long offset, byte[] bytes) {
      timed("append", () -> logs.overwrite(log, offset, bytes));
    }

    @Override
    public long length(LogKey log) {
      return logs.length(log);
    }

    @Override
    public byte[] read(LogKey log, long offset, int limit) {
      return timed("read", () -> logs.read(log, offset, limit));
    }

    @Override
    public void note(LogKey log, LogTime time) {
      timed("append", () -> logs.note(log, time));
    }

    @Override
    public List<LogTime> times(LogKey log, long from, int limit) {
      return timed("read", () -> logs.times(log, from, limit));
    }

    @Override
    public void remove(LogKey log) {
      logs.remove(log);
    }
  }
}
