package dev.pipewright.state.mongo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StorageContract;
import dev.pipewright.state.store.StoreException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStorageIT extends StorageContract {

  @Override
  protected Storage open(Path folder) {
    return MongoStorage.embedded(folder);
  }

  @Test
  void aFolderInUseIsRefusedWithAHint(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      storage.ping();
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another Pipewright");
    }
  }
}
