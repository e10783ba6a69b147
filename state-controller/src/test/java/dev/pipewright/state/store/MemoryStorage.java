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
  private final Map<String, Map<String, Kept>> shelves = new ConcurrentHashMap<>();
  private final Map<String, Long> counters = new ConcurrentHashMap<>();
  private final LogStore logs;
  private final BlobStore blobs;

  private record Kept(String json, long revision) {}

  public MemoryStorage(Path folder) {
    this.logs = new FolderLogs(folder.resolve("logs"));
    this.blobs = new FolderBlobs(folder.resolve("blobs"));
  }

  @Override
  public <T> Shelf<T> shelf(String name, Class<T> type) {
    return new MemoryShelf<>(type, shelves.computeIfAbsent(name, any -> new HashMap<>()));
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
    private final Class<T> type;
    private final Map<String, Kept> kept;

    private MemoryShelf(Class<T> type, Map<String, Kept> kept) {
      this.type = type;
      this.kept = kept;
    }

    @Override
    public boolean insert(String id, T value) {
      synchronized (kept) {
        return kept.putIfAbsent(id, new Kept(Json.text(value), 1)) == null;
      }
    }

    @Override
    public void put(String id, T value) {
      synchronized (kept) {
        kept.put(id, new Kept(Json.text(value), 1));
      }
    }

    @Override
    public boolean replace(String id, long revision, T value) {
      synchronized (kept) {
        Kept old = kept.get(id);
        if (old == null || old.revision() != revision) {
          return false;
        }
        kept.put(id, new Kept(Json.text(value), revision + 1));
        return true;
      }
    }

    @Override
    public Optional<Held<T>> find(String id) {
      synchronized (kept) {
        return Optional.ofNullable(kept.get(id))
            .map(found -> new Held<>(Json.read(found.json(), type), found.revision()));
      }
    }

    @Override
    public Map<String, T> findAll(Collection<String> ids) {
      Map<String, T> found = new HashMap<>();
      ids.forEach(id -> find(id).ifPresent(held -> found.put(id, held.value())));
      return found;
    }

    @Override
    public void remove(List<String> ids) {
      synchronized (kept) {
        ids.forEach(kept::remove);
      }
    }

    @Override
    public void forEach(BiConsumer<String, T> visitor) {
      Map<String, Kept> all;
      synchronized (kept) {
        all = Map.copyOf(kept);
      }
      all.forEach((id, found) -> visitor.accept(id, Json.read(found.json(), type)));
    }
  }
}
