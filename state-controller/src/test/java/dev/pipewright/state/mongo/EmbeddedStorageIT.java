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
  private static final String TEXT = "x".repeat(10_000);

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

  private static Shelf<Large> filled(Shelf<Large> shelf, int records) {
    for (int i = 0; i < records; i++) {
      assertThat(shelf.insert("large-" + i, new Large(i, TEXT))).isTrue();
    }
    return shelf;
  }

  private static long nanosToReplace(Shelf<Large> shelf, String id, int revision) {
    long start = System.nanoTime();
    assertThat(shelf.replace(id, revision, new Large(revision, TEXT))).isTrue();
    return System.nanoTime() - start;
  }

  @Test
  void aRecordIsReplacedWithoutALookAtAllOthers(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      Shelf<Large> few = filled(storage.shelf("few", Large.class), 20);
      Shelf<Large> many = filled(storage.shelf("many", Large.class), 2000);
      long ofFew = 0;
      long ofMany = 0;
      for (int i = 0; i < 20; i++) {
        String id = "large-" + i;
        for (int revision = 1; revision <= 5; revision++) {
          ofFew += nanosToReplace(few, id, revision);
          ofMany += nanosToReplace(many, id, revision);
        }
      }
      assertThat(ofMany).as("a hundred times the records").isLessThan(20 * ofFew);
    }
  }
}
