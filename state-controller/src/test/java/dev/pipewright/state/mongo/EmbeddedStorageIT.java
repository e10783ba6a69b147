package dev.pipewright.state.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.state.store.Shelf;
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

  private record Large(int number, String text) {}

  private static long nanos(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }

  @Test
  void aRecordIsReplacedWithoutALookAtAllOthers(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      Shelf<Large> shelf = storage.shelf("large", Large.class);
      String text = "x".repeat(10_000);
      for (int i = 0; i < 2000; i++) {
        assertThat(shelf.insert("large-" + i, new Large(i, text))).isTrue();
      }
      long found =
          nanos(
              () -> {
                for (int i = 0; i < 100; i++) {
                  assertThat(shelf.find("large-" + i)).isPresent();
                }
              });
      long replaced =
          nanos(
              () -> {
                for (int i = 0; i < 100; i++) {
                  assertThat(shelf.replace("large-" + i, 1, new Large(-i, text))).isTrue();
                }
              });
      assertThat(replaced).isLessThan(30 * found);
    }
  }
}
