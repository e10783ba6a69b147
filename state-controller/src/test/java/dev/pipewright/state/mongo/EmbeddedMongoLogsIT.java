package dev.pipewright.state.mongo;

import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StorageContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The form for a MongoDB address, with logs and blobs in the database, on the embedded server. */
class EmbeddedMongoLogsIT extends StorageContract {
  private @Nullable EmbeddedMongo server;

  @Override
  protected Storage open(Path folder) {
    if (server == null) {
      server = EmbeddedMongo.start(folder.resolve("state.mv"));
    }
    return MongoStorage.at(server.uri());
  }
}
