package dev.pipewright.state.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import dev.pipewright.state.store.BlobStore;
import dev.pipewright.state.store.FolderBlobs;
import dev.pipewright.state.store.FolderLogs;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Everything in MongoDB, through its official driver, with majority writes that wait for the
 * journal. It needs no transactions, no change streams and no secondary indexes, so the embedded
 * stand-in does as well as a real server.
 */
public final class MongoStorage implements Storage {
  private static final String DATABASE = "pipewright";

  /** So long one operation may take in all, so that whoever asked learns soon of trouble. */
  private static final int PATIENCE_SECONDS = 5;

  private static final int CONNECT_SECONDS = 2;

  private final MongoClient client;
  private final MongoDatabase database;
  private final MongoCollection<Document> counters;
  private final LogStore logs;
  private final BlobStore blobs;
  private final @Nullable EmbeddedMongo embedded;
  private final @Nullable IdLocks locks;

  private MongoStorage(String uri, @Nullable Path folder, @Nullable EmbeddedMongo embedded) {
    ConnectionString address = new ConnectionString(uri);
    MongoClientSettings settings =
        MongoClientSettings.builder()
            .applyConnectionString(address)
            .applicationName("pipewright")
            .writeConcern(WriteConcern.MAJORITY.withJournal(true))
            .readConcern(ReadConcern.MAJORITY)
            .readPreference(ReadPreference.primary())
            .retryWrites(embedded == null)
            .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .applyToClusterSettings(
                cluster -> cluster.serverSelectionTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .applyToSocketSettings(
                socket -> socket.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS))
            .applyToServerSettings(
                server -> server.heartbeatFrequency(CONNECT_SECONDS, TimeUnit.SECONDS))
            .build();
    this.client = MongoClients.create(settings);
    String name = address.getDatabase();
    this.database = client.getDatabase(name == null ? DATABASE : name);
    this.logs =
        folder == null
            ? new MongoLogs(database.getCollection("logs"))
            : new FolderLogs(folder.resolve("logs"));
    this.blobs =
        folder == null
            ? new MongoBlobs(database.getCollection("blobs"))
            : new FolderBlobs(folder.resolve("blobs"));
    this.counters = database.getCollection("counters");
    this.embedded = embedded;
    this.locks = embedded == null ? null : new IdLocks();
  }

  /** The database at {@code uri}; logs and blobs are kept there too. */
  public static MongoStorage at(String uri) {
    return new MongoStorage(uri, null, null);
  }

  /** An embedded database in {@code folder}; logs and blobs are files beside it. */
  public static MongoStorage embedded(Path folder) {
    EmbeddedMongo server = EmbeddedMongo.start(file(folder));
    return new MongoStorage(server.uri(), folder, server);
  }

  /** True for the embedded database, which can be copied. */
  public boolean isEmbedded() {
    return embedded != null;
  }

  /**
   * Copies all shelves and counters into {@code target} as they stand now, while others go on
   * writing: what was acknowledged before is in it. Logs and blobs are files beside it.
   *
   * @return the mark by which {@link #checkCopy} knows the copy
   * @throws IOException if {@code target} exists or cannot be written
   * @throws StoreException if the copy is not whole, or the database is not the embedded one
   */
  public String copyTo(Path target) throws IOException {
    if (embedded == null) {
      throw new StoreException("Only the embedded database can be copied.");
    }
    return embedded.copyTo(target);
  }

  /**
   * Looks whether a file is the copy that has this mark.
   *
   * @throws StoreException if it is not, or cannot be opened
   */
  public static void checkCopy(Path file, String mark) {
    DatabaseCopy.check(file, mark);
  }

  /** The file in a data folder that holds the embedded database. */
  public static Path file(Path folder) {
    return folder.resolve("state.mv");
  }

  @Override
  public <T> Shelf<T> shelf(String name, Class<T> type) {
    return new MongoShelf<>(database.getCollection(name), type, locks);
  }

  @Override
  public long next(String name) {
    try {
      Document found =
          counters.findOneAndUpdate(
              Filters.eq("_id", name),
              Updates.inc("value", 1L),
              new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
      if (found == null) {
        throw new StoreException("Could not count " + name + ": the answer was empty.");
      }
      return found.get("value", Number.class).longValue();
    } catch (MongoException e) {
      throw new StoreException("Could not count %s: %s".formatted(name, e.getMessage()), e);
    }
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
    try {
      database.runCommand(new Document("ping", 1));
    } catch (MongoException e) {
      throw new StoreException("Could not reach the database: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
    if (embedded != null) {
      embedded.close();
    }
  }
}
