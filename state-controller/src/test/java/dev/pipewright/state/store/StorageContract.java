package dev.pipewright.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LogTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every storage does, whatever it is made of. */
public abstract class StorageContract {
  private static final StepPath STEP = new StepPath("verify/lint $x.y");

  /** Opens the same empty storage, again and again within one test. */
  protected abstract Storage open(Path folder);

  /** A record with text that no database may take for something else. */
  public record Note(String text, Map<String, String> names, long number) {}

  private static Note note(long number) {
    return new Note("ä \u0000 $where {\"a\":1}", Map.of("$set.a.b", "x", "", "y"), number);
  }

  @Test
  void anIdIsTakenOnce(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      Shelf<Note> shelf = storage.shelf("anIdIsTakenOnce", Note.class);
      assertThat(shelf.insert("a#1|x", note(1))).isTrue();
      assertThat(shelf.insert("a#1|x", note(2))).isFalse();
      assertThat(shelf.find("a#1|x").orElseThrow().value()).isEqualTo(note(1));
      shelf.put("a#1|x", note(3));
      assertThat(shelf.find("a#1|x").orElseThrow().value()).isEqualTo(note(3));
      assertThat(shelf.find("other")).isEmpty();
    }
  }

  @Test
  void aRecordIsReplacedOnlyAtItsRevision(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      Shelf<Note> shelf = storage.shelf("revisions", Note.class);
      shelf.insert("a", note(1));
      assertThat(shelf.replace("a", 1, note(2))).isTrue();
      assertThat(shelf.replace("a", 1, note(3))).isFalse();
      assertThat(shelf.find("a").orElseThrow()).isEqualTo(new Shelf.Held<>(note(2), 2));
      assertThat(shelf.replace("unknown", 1, note(1))).isFalse();
    }
  }

  @Test
  void manyAreFoundVisitedAndRemoved(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      Shelf<Note> shelf = storage.shelf("many", Note.class);
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 1200; i++) {
        shelf.insert("n#" + i, note(i));
        ids.add("n#" + i);
      }
      assertThat(shelf.findAll(ids)).hasSize(1200);
      assertThat(shelf.findAll(List.of("n#7", "none"))).containsOnlyKeys("n#7");
      assertThat(shelf.findAll(List.of())).isEmpty();
      Map<String, Note> visited = new HashMap<>();
      shelf.forEach(visited::put);
      assertThat(visited).hasSize(1200);
      shelf.remove(ids.subList(0, 600));
      assertThat(shelf.findAll(ids)).hasSize(600);
    }
  }

  @Test
  void aCounterGivesEveryNumberOnceToManyAtOnce(@TempDir Path folder) throws Exception {
    try (Storage storage = open(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String name = "counter " + folder.getFileName();
      List<Future<Long>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(threads.submit(() -> storage.next(name)));
      }
      HashSet<Long> found = new HashSet<>();
      for (Future<Long> call : calls) {
        found.add(call.get());
      }
      assertThat(found).hasSize(200).contains(1L, 200L);
    }
  }

  @Test
  void outputOnlyGrowsAndRepetitionIsHarmless(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      LogStore logs = storage.logs();
      LogKey log = new LogKey(RunId.parse("outputOnlyGrows :: pipeline code#7"), STEP);
      assertThat(logs.length(log)).isZero();
      assertThat(logs.append(log, 0, bytes("hello"))).isEqualTo(5);
      assertThat(logs.append(log, 0, bytes("hello"))).isEqualTo(5);
      assertThat(logs.append(log, 3, bytes("lo world"))).isEqualTo(11);
      assertThatThrownBy(() -> logs.append(log, 12, bytes("x")))
          .isInstanceOfSatisfying(
              LogGapException.class, gap -> assertThat(gap.end()).isEqualTo(11));
      assertThat(logs.read(log, 0, 100)).isEqualTo(bytes("hello world"));
      assertThat(logs.read(log, 6, 3)).isEqualTo(bytes("wor"));
      assertThat(logs.read(log, 50, 3)).isEmpty();
      LogKey other = new LogKey(log.run(), STEP.child("a"));
      assertThat(logs.read(other, 0, 3)).isEmpty();
      assertThat(logs.append(other, 0, new byte[200_000])).isEqualTo(200_000);
      logs.remove(other);
      logs.remove(other);
      assertThat(logs.length(other)).isZero();
      assertThat(logs.read(other, 0, 3)).isEmpty();
      assertThat(logs.read(log, 0, 100)).isEqualTo(bytes("hello world"));
    }
  }

  @Test
  void longOutputIsReadAsItWasWritten(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      LogKey log = new LogKey(RunId.parse("longOutput#1"), STEP);
      byte[] all = new byte[300_000];
      new Random(1).nextBytes(all);
      for (int at = 0; at < all.length; at += 7_001) {
        int end = Math.min(all.length, at + 7_001);
        storage.logs().append(log, at, java.util.Arrays.copyOfRange(all, at, end));
      }
      assertThat(storage.logs().read(log, 0, all.length)).isEqualTo(all);
      assertThat(storage.logs().read(log, 65_000, 70_000))
          .isEqualTo(java.util.Arrays.copyOfRange(all, 65_000, 135_000));
    }
  }

  @Test
  void timesOfOutputAreReadFromTheOneThatHoldsForAByte(@TempDir Path folder) {
    LogKey log = new LogKey(RunId.parse("times#1"), STEP);
    List<LogTime> noted = new ArrayList<>();
    try (Storage storage = open(folder)) {
      LogStore logs = storage.logs();
      assertThat(logs.times(log, 0, 10)).isEmpty();
      for (int i = 0; i < 5; i++) {
        LogTime time = new LogTime(i * 50_000L, Instant.ofEpochMilli(1_000L * i + 7));
        logs.append(log, time.offset(), new byte[50_000]);
        logs.note(log, time);
        logs.note(log, time);
        noted.add(time);
      }
      LogKey other = new LogKey(log.run(), new StepPath(STEP + "|000001"));
      logs.append(other, 0, bytes("other"));
      logs.note(other, new LogTime(0, Instant.EPOCH));
    }
    try (Storage storage = open(folder)) {
      LogStore logs = storage.logs();
      assertThat(logs.times(log, 0, 10)).isEqualTo(noted);
      assertThat(logs.times(log, 149_999, 10)).isEqualTo(noted.subList(2, 5));
      assertThat(logs.times(log, 150_000, 1)).isEqualTo(noted.subList(3, 4));
      assertThat(logs.times(log, 999_999, 10)).isEqualTo(noted.subList(4, 5));
      assertThat(logs.times(log, 0, 2)).isEqualTo(noted.subList(0, 2));
      logs.append(log, 250_000, bytes("more"));
      assertThat(logs.times(log, 0, 10)).isEqualTo(noted);
      logs.remove(log);
      assertThat(logs.times(log, 0, 10)).isEmpty();
    }
  }

  @Test
  void everyAttemptHasItsOwnOutput(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      RunId run = RunId.parse("attempts#3");
      storage.logs().append(new LogKey(run, STEP), 0, bytes("first"));
      storage.logs().append(new LogKey(run, 2, STEP), 0, bytes("second"));
      assertThat(storage.logs().read(new LogKey(run, 1, STEP), 0, 99)).isEqualTo(bytes("first"));
      assertThat(storage.logs().read(new LogKey(run, 2, STEP), 0, 99)).isEqualTo(bytes("second"));
      assertThat(storage.logs().length(new LogKey(run, 3, STEP))).isZero();
    }
  }

  @Test
  void storedOutputCanBeHiddenButNotMade(@TempDir Path folder) {
    try (Storage storage = open(folder)) {
      LogKey log = new LogKey(RunId.parse("hidden#1"), STEP);
      assertThatThrownBy(() -> storage.logs().overwrite(log, 0, bytes("x")))
          .isInstanceOf(IllegalArgumentException.class);
      byte[] all = bytes("a secret.".repeat(20_000));
      storage.logs().append(log, 0, all);
      byte[] hidden = bytes("*".repeat(70_000));
      storage.logs().overwrite(log, 60_000, hidden);
      System.arraycopy(hidden, 0, all, 60_000, hidden.length);
      assertThat(storage.logs().read(log, 0, all.length)).isEqualTo(all);
      assertThat(storage.logs().length(log)).isEqualTo(all.length);
      assertThatThrownBy(() -> storage.logs().overwrite(log, all.length - 1, bytes("xy")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(storage.logs().append(log, all.length, bytes("end"))).isEqualTo(all.length + 3);
    }
  }

  @Test
  void aBlobIsKeptOnlyUnderItsOwnAddress(@TempDir Path folder) throws IOException {
    try (Storage storage = open(folder)) {
      byte[] content = new byte[2_500_000];
      new Random(2).nextBytes(content);
      BlobDigest digest = BlobDigest.of(content);
      assertThat(storage.blobs().open(digest)).isEmpty();
      assertThat(storage.blobs().put(digest, new ByteArrayInputStream(bytes("no")))).isFalse();
      assertThat(storage.blobs().size(digest)).isEmpty();
      assertThat(storage.blobs().put(digest, new ByteArrayInputStream(content))).isTrue();
      assertThat(storage.blobs().put(digest, new ByteArrayInputStream(content))).isTrue();
      assertThat(storage.blobs().size(digest)).contains(2_500_000L);
      try (InputStream stored = storage.blobs().open(digest).orElseThrow()) {
        assertThat(stored.readAllBytes()).isEqualTo(content);
      }
    }
  }

  @Test
  void whatWasWrittenIsThereAfterOpeningAgain(@TempDir Path folder) {
    Storage first = open(folder);
    first.shelf("again", Note.class).put("a", note(1));
    long number = first.next("again");
    first.close();
    try (Storage second = open(folder)) {
      assertThat(second.shelf("again", Note.class).find("a").orElseThrow().value())
          .isEqualTo(note(1));
      assertThat(second.next("again")).isEqualTo(number + 1);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
