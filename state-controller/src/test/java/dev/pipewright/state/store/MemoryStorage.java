package dev.pipewright.state.store;

import dev.pipewright.protocol.json.Json;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Everything in memory, as JSON, so that what cannot be read back is noticed. */
public final class MemoryStorage implements Storage {
  private final Map<String, Object> shelves = new ConcurrentHashMap<>();
  private final Map<String, Long> counters = new ConcurrentHashMap<>();
  private final LogStore logs;
  private final BlobStore blobs;

  public MemoryStorage(Path folder) {
    this.logs = new FolderLogs(folder.resolve("logs"));
    this.blobs = new FolderBlobs(folder.resolve("blobs"));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> Shelf<T> shelf(String name, Class<T> type) {
    return (Shelf<T>) shelves.computeIfAbsent(name, any -> new MemoryShelf<>(type));
  }

  @Override
  public long next(String name) {
    return counters.merge(name, 1L, Long::sum);
  }

  @Override
  public LogStore logs() {
    return logs;
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public void ping() {
    // Memory is always there.
  }

  @Override
  public void close() {
    // Nothing to let go of: tests open it again.
  }

  private static final class MemoryShelf<T> implements Shelf<T> {
    private record Kept(String json, long revision) {}

    private final Class<T> type;
    private final Map<String, Kept> kept = new HashMap<>();

    private MemoryShelf(Class<T> type) {
      this.type = type;
    }

    @Override
    public synchronized boolean insert(String id, T value) {
      return kept.putIfAbsent(id, new Kept(Json.text(value), 1)) == null;
    }

    @Override
    public synchronized void put(String id, T value) {
      kept.put(id, new Kept(Json.text(value), 1));
    }

    @Override
    public synchronized boolean replace(String id, long revision, T value) {
      Kept old = kept.get(id);
      if (old == null || old.revision() != revision) {
        return false;
      }
      kept.put(id, new Kept(Json.text(value), revision + 1));
      return true;
    }

    @Override
    public synchronized Optional<Held<T>> find(String id) {
      return Optional.ofNullable(kept.get(id))
          .map(found -> new Held<>(Json.read(found.json(), type), found.revision()));
    }

    @Override
    public synchronized Map<String, T> findAll(Collection<String> ids) {
      Map<String, T> found = new HashMap<>();
      ids.forEach(id -> find(id).ifPresent(held -> found.put(id, held.value())));
      return found;
    }

    @Override
    public synchronized void remove(List<String> ids) {
      ids.forEach(kept::remove);
    }

    @Override
    public synchronized void forEach(BiConsumer<String, T> visitor) {
      Map.copyOf(kept).forEach((id, found) -> visitor.accept(id, Json.read(found.json(), type)));
    }
  }
}
