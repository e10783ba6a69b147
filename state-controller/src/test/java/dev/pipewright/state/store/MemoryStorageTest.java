package dev.pipewright.state.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

class MemoryStorageTest extends StorageContract {
  private @Nullable MemoryStorage storage;

  @Override
  protected Storage open(Path folder) {
    if (storage == null) {
      storage = new MemoryStorage(folder);
    }
    return storage;
  }
}
