package dev.pipewright.e2e;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import dev.pipewright.state.mongo.MongoStorage;
import dev.pipewright.state.store.BlobStore;
import dev.pipewright.state.store.FolderBlobs;
import dev.pipewright.state.store.FolderLogs;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVStore;

/**
 * The data folder of a server, to be filled quickly: what is written waits in memory until it is
 * flushed, so that of what changes ten times the last state is stored, and nothing is committed
 * before the end. Whatever dies meanwhile leaves a folder of no use. Confined to one thread.
 */
final class HistoryStore implements Storage {
  private final MVStore file;
  private final MongoServer server;
  private final MongoStorage database;
  private final LogStore logs;
  private final BlobStore blobs;
  private final Map<String, WaitingShelf<?>> shelves = new LinkedHashMap<>();

  HistoryStore(Path folder) throws IOException {
    Files.createDirectories(folder);
    file = new MVStore.Builder().fileName(folder.resolve("state.mv").toString()).open();
    file.setRetentionTime(0);
    file.setVersionsToKeep(0);
    server = new MongoServer(new H2Backend(file));
    database =
        MongoStorage.at("mongodb://127.0.0.1:%d/pipewright".formatted(server.bind().getPort()));
    logs = new FolderLogs(folder.resolve("logs"));
    blobs = new FolderBlobs(folder.resolve("blobs"));
  }

  /** Stores what waits. */
  void flush() {
    shelves.values().forEach(WaitingShelf::flush);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> Shelf<T> shelf(String name, Class<T> type) {
    return (Shelf<T>)
        shelves.computeIfAbsent(name, any -> new WaitingShelf<>(database.shelf(name, type)));
  }

  @Override
  public long next(String name) {
    return database.next(name);
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
    database.ping();
  }

  /** Stores what waits, and makes all of it durable. */
  @Override
  public void close() {
    flush();
    database.close();
    file.commit();
    server.shutdownNow();
    if (!file.isClosed()) {
      file.close();
    }
  }

  private static final class WaitingShelf<T> implements Shelf<T> {
    private final Shelf<T> target;
    private final Map<String, Held<T>> waiting = new LinkedHashMap<>();
    private final Set<String> stored = new HashSet<>();

    private WaitingShelf(Shelf<T> target) {
      this.target = target;
    }

    private void flush() {
      waiting.forEach(
          (id, held) -> {
            if (stored.add(id)) {
              boolean unused = target.insert(id, held.value());
            } else {
              target.put(id, held.value());
            }
          });
      waiting.clear();
    }

    @Override
    public boolean insert(String id, T value) {
      return !stored.contains(id) && waiting.putIfAbsent(id, new Held<>(value, 1)) == null;
    }

    @Override
    public void put(String id, T value) {
      waiting.put(id, new Held<>(value, 1));
    }

    @Override
    public boolean replace(String id, long revision, T value) {
      boolean fits = find(id).filter(held -> held.revision() == revision).isPresent();
      if (fits) {
        waiting.put(id, new Held<>(value, revision + 1));
      }
      return fits;
    }

    @Override
    public Optional<Held<T>> find(String id) {
      Held<T> held = waiting.get(id);
      if (held != null) {
        return Optional.of(held);
      }
      return stored.contains(id) ? target.find(id) : Optional.empty();
    }

    @Override
    public Map<String, T> findAll(Collection<String> ids) {
      Map<String, T> found = new HashMap<>();
      ids.forEach(id -> find(id).ifPresent(held -> found.put(id, held.value())));
      return found;
    }

    @Override
    public void remove(List<String> ids) {
      for (String id : ids) {
        waiting.remove(id);
        if (stored.remove(id)) {
          target.remove(List.of(id));
        }
      }
    }

    @Override
    public void forEach(BiConsumer<String, T> visitor) {
      waiting.forEach((id, held) -> visitor.accept(id, held.value()));
      stored.stream()
          .filter(id -> !waiting.containsKey(id))
          .forEach(id -> target.find(id).ifPresent(held -> visitor.accept(id, held.value())));
    }
  }
}
