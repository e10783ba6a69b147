package dev.pipewright.state.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that take longer than everything in the database lasts. */
class DatabaseCopyTest {
  private static final int RECORDS = 1500;

  @TempDir private Path folder;
  private final Random random = new Random(5);

  private MVStore open() {
    MVStore store = new MVStore.Builder().fileName(folder.resolve("state.mv").toString()).open();
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
    return store;
  }

  /** Writes so much, in so small commits, that the space of what was there is used again. */
  private void churn(MVStore store) {
    Map<Integer, String> map = store.openMap("records");
    for (int i = 0; i < 2 * RECORDS; i++) {
      int key = random.nextInt(RECORDS);
      if (i % 7 == 0) {
        map.remove(key);
      } else {
        map.put(key, Integer.toString(random.nextInt()).repeat(random.nextInt(100)));
      }
      if (i % 5 == 0) {
        store.commit();
      }
    }
    store.commit();
  }

  private Map<Integer, String> read(Path copy) {
    try (MVStore store = new MVStore.Builder().fileName(copy.toString()).open()) {
      Map<Integer, String> map = store.openMap("records");
      return new HashMap<>(map);
    }
  }

  @Test
  void whatIsWrittenWhileACopyIsMadeIsNotInIt() throws IOException {
    try (MVStore store = open()) {
      for (int round = 0; round < 3; round++) {
        churn(store);
        Map<Integer, String> then = new HashMap<>(store.<Integer, String>openMap("records"));
        Path target = folder.resolve("copy" + round);
        String mark;
        try (DatabaseCopy copy = DatabaseCopy.begin(store)) {
          churn(store);
          store.compactFile(50);
          churn(store);
          mark = copy.writeTo(target);
        }
        DatabaseCopy.check(target, mark);
        assertThat(read(target)).isEqualTo(then);
      }
    }
  }

  @Test
  void afterACopyTheSpaceInTheFileIsUsedAgain() throws IOException {
    Path file = folder.resolve("state.mv");
    try (MVStore store = open()) {
      churn(store);
      long before = file.toFile().length();
      try (DatabaseCopy copy = DatabaseCopy.begin(store)) {
        churn(store);
        String unused = copy.writeTo(folder.resolve("copy"));
      }
      long grown = file.toFile().length();
      assertThat(grown).isGreaterThan(2 * before);
      churn(store);
      assertThat(file.toFile().length()).isLessThanOrEqualTo(grown);
    }
  }

  @Test
  void aCopyOfAnotherMomentIsToldApart() throws IOException {
    Path target = folder.resolve("copy");
    try (MVStore store = open()) {
      churn(store);
      try (DatabaseCopy copy = DatabaseCopy.begin(store)) {
        String mark = copy.writeTo(target);
        assertThatThrownBy(() -> DatabaseCopy.check(target, mark + "x"))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("another moment");
        assertThatThrownBy(() -> copy.writeTo(target)).isInstanceOf(IOException.class);
      }
    }
    assertThatThrownBy(() -> DatabaseCopy.check(folder.resolve("state.mv"), "any"))
        .isInstanceOf(StoreException.class);
  }
}
