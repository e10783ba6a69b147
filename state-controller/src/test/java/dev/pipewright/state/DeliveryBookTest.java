package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.MemoryStorage;
import dev.pipewright.state.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryBookTest {

  @TempDir Path folder;

  private static DeliveryRecord received(DeliveryBook book, String id) {
    return DeliveryRecord.received(
        "shop." + id, book.arrival(), Samples.receipt(id, Verdict.BUILD), null, Samples.NOON);
  }

  @Test
  void afterAWriteWithoutAnAnswerTheStoreSaysHowADeliveryStands() {
    DeliveryBook book = new DeliveryBook(new CrashingStorage(new MemoryStorage(folder), 2, true));
    DeliveryRecord came = received(book, "a");
    assertThat(book.insert(came)).isTrue();
    DeliveryRecord claimed = came.with(came.progress().claimed(7));

    assertThatThrownBy(() -> book.write(claimed)).isInstanceOf(StoreException.class);

    assertThat(book.record("shop.a")).contains(claimed);
  }

  @Test
  void everyDeliveryIsFoundHoweverManyThereAre() {
    DeliveryBook book = new DeliveryBook(new MemoryStorage(folder));
    List<DeliveryRecord> claimed = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      DeliveryRecord came = received(book, "a" + i);
      assertThat(book.insert(came)).isTrue();
      claimed.add(came.with(came.progress().claimed(i)));
    }
    claimed.forEach(book::write);

    claimed.forEach(one -> assertThat(book.record(one.id())).contains(one));
  }
}
