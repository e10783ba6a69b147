package dev.pipewright.state.mongo;

import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StorageContract;
import dev.pipewright.testing.NeedsMongo;
import java.nio.file.Path;
import java.util.Objects;

@NeedsMongo
class RealMongoStorageIT extends StorageContract {

  /** Every test has its own folder, whose name makes its own database. */
  @Override
  protected Storage open(Path folder) {
    String uri = Objects.requireNonNull(System.getenv("PIPEWRIGHT_TEST_MONGO"));
    String base = uri.endsWith("/") ? uri : uri + "/";
    return MongoStorage.at(base + "pw-" + folder.getFileName());
  }
}
