package dev.pipewright.state.mongo;

import de.bwaldvogel.mongo.MongoServer;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** A database server inside this process, on a random port of the loopback address. */
final class EmbeddedMongo implements AutoCloseable {
  private static final int CACHE_MEGABYTES = 32;

  private final MongoServer server;
  private final DurableBackend backend;
  private final int port;

  private EmbeddedMongo(MongoServer server, DurableBackend backend, int port) {
    this.server = server;
    this.backend = backend;
    this.port = port;
  }

  /**
   * Opens the database in {@code file}, which is made if there is none.
   *
   * @throws StoreException if another process has it open or it cannot be read
   */
  static EmbeddedMongo start(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      MVStore store =
          new MVStore.Builder()
              .fileName(file.toAbsolutePath().toString())
              .cacheSize(CACHE_MEGABYTES)
              .open();
      store.setRetentionTime(0);
      store.setVersionsToKeep(0);
      DurableBackend backend = new DurableBackend(store);
      MongoServer server = new MongoServer(backend);
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      server.bind(address);
      return new EmbeddedMongo(server, backend, server.getLocalAddress().getPort());
    } catch (MVStoreException e) {
      throw new StoreException(
          "Could not open %s: %s. Is another Pipewright running on this folder?"
              .formatted(file, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new StoreException("Could not make the folder of " + file + ".", e);
    }
  }

  String uri() {
    return "mongodb://127.0.0.1:" + port + "/pipewright";
  }

  /** Copies the database as it stands now; see {@link MongoStorage#copyTo}. */
  String copyTo(Path target) throws IOException {
    try {
      String mark = backend.copyTo(target);
      DatabaseCopy.check(target, mark);
      return mark;
    } catch (MVStoreException e) {
      throw new StoreException("Could not copy the database: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
