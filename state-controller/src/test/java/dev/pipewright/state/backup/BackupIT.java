package dev.pipewright.state.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.BackupOrder;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.Samples;
import dev.pipewright.state.mongo.MongoStorage;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of the real embedded store, and what is made of good and bad ones. */
class BackupIT {
  private static final BackupOrder WITHOUT_KEYS = new BackupOrder(false);

  /** A blob is forced to the disk, which costs a writer more than all else. */
  private static final int RARE = 20;

  @TempDir private Path folder;

  /** What a writer has written, and how much text of no use for it. */
  public record Note(int writer, long number, String padding) {}

  private Backups backups(MongoStorage storage) throws IOException {
    return new Backups(
        folder.resolve("data"), storage, URI.create("http://ci.example"), () -> Samples.NOON);
  }

  private Path back(Backups backups, String name, BackupOrder order) throws IOException {
    Path file = folder.resolve(name + ".tar");
    try (Backups.Backup backup = backups.begin(order);
        OutputStream out = Files.newOutputStream(file)) {
      backup.writeTo(out);
    }
    return file;
  }

  private MongoStorage open() {
    return MongoStorage.embedded(folder.resolve("data"));
  }

  private Path small() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/master.key"), "secret");
    Files.writeString(folder.resolve("data/wall.json"), "{}");
    Files.writeString(folder.resolve("data/other"), "not to be taken");
    try (MongoStorage storage = open()) {
      storage.shelf("notes", Note.class).put("a", new Note(1, 1, ""));
      storage.logs().append(log(1), 0, "output".getBytes(StandardCharsets.UTF_8));
      return back(backups(storage), "small", WITHOUT_KEYS);
    }
  }

  private static LogKey log(int writer) {
    return new LogKey(RunId.parse("shop#1"), new StepPath("writer " + writer));
  }

  /** Writes in the order the program does: blobs and output first, then records that name them. */
  private static final class Writer {
    private final Storage storage;
    private final int number;
    private final AtomicLong acknowledged = new AtomicLong();

    private Writer(Storage storage, int number) {
      this.storage = storage;
      this.number = number;
    }

    private static byte[] blob(int writer, long number) {
      return "blob %d %d".formatted(writer, number).getBytes(StandardCharsets.UTF_8);
    }

    private void write(AtomicBoolean over) {
      Shelf<Note> notes = storage.shelf("notes", Note.class);
      Shelf<Note> last = storage.shelf("last", Note.class);
      Random random = new Random(number);
      long end = 0;
      try {
        for (long i = 1; !over.get(); i++) {
          if (i % RARE == 0) {
            byte[] blob = blob(number, i);
            storage.blobs().put(BlobDigest.of(blob), new ByteArrayInputStream(blob));
          }
          end =
              storage
                  .logs()
                  .append(log(number), end, "0123456789".getBytes(StandardCharsets.UTF_8));
          notes.insert(number + "|" + i, new Note(number, i, "x".repeat(random.nextInt(20_000))));
          last.put("writer " + number, new Note(number, i, ""));
          if (i > 50) {
            notes.remove(List.of(number + "|" + (i - 50)));
          }
          long counted = storage.next("writer " + number);
          assertThat(counted).isEqualTo(i);
          acknowledged.set(i);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aBackupInAStormOfWritesHoldsAllThatWasAcknowledgedAndNothingHalf() throws Exception {
    Map<Path, List<Long>> made = new HashMap<>();
    try (MongoStorage storage = open()) {
      List<Writer> writers = Stream.of(0, 1, 2, 3).map(i -> new Writer(storage, i)).toList();
      AtomicBoolean over = new AtomicBoolean();
      List<Thread> threads =
          writers.stream()
              .map(writer -> Thread.ofVirtual().start(() -> writer.write(over)))
              .toList();
      Backups backups = backups(storage);
      for (int i = 0; i < 3; i++) {
        long before = writers.getFirst().acknowledged.get();
        Awaitility.await().until(() -> writers.getFirst().acknowledged.get() > before + 100);
        List<Long> acknowledged = writers.stream().map(w -> w.acknowledged.get()).toList();
        made.put(back(backups, "storm" + i, WITHOUT_KEYS), acknowledged);
      }
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    for (Map.Entry<Path, List<Long>> backup : made.entrySet()) {
      Path restored = Path.of(backup.getKey() + ".restored");
      Restore.restore(backup.getKey(), restored);
      try (MongoStorage storage = MongoStorage.embedded(restored)) {
        look(storage, backup.getValue());
      }
    }
  }

  private static void look(Storage storage, List<Long> acknowledged) throws IOException {
    Map<String, Note> notes = new HashMap<>();
    storage.shelf("notes", Note.class).forEach(notes::put);
    for (int writer = 0; writer < acknowledged.size(); writer++) {
      long last =
          storage.shelf("last", Note.class).find("writer " + writer).orElseThrow().value().number();
      assertThat(last).isGreaterThanOrEqualTo(acknowledged.get(writer));
      for (long i = Math.max(1, last - 48); i <= last; i++) {
        assertThat(notes).containsKey(writer + "|" + i);
        byte[] blob = Writer.blob(writer, i);
        if (i % RARE == 0) {
          try (InputStream content = storage.blobs().open(BlobDigest.of(blob)).orElseThrow()) {
            assertThat(content.readAllBytes()).isEqualTo(blob);
          }
        }
      }
      assertThat(notes).doesNotContainKey(writer + "|" + (last - 51));
      assertThat(storage.logs().length(log(writer))).isGreaterThanOrEqualTo(last * 10);
      // Counted after the note was written, so it is the number of that or the one before.
      assertThat(storage.next("writer " + writer)).isBetween(last, last + 1);
    }
    assertThat(storage.shelf("notes", Note.class).insert("new", new Note(9, 9, ""))).isTrue();
  }

  @Test
  void aRestoredFolderHoldsTheSettingsAndTheKeysOnlyIfAskedFor() throws Exception {
    Path without = folder.resolve("without");
    Restore.Result result = Restore.restore(small(), without);
    assertThat(result.hasMasterKey()).isFalse();
    assertThat(result.manifest().server()).isEqualTo("http://ci.example");
    assertThat(without.resolve("wall.json")).hasContent("{}");
    assertThat(without.resolve("master.key")).doesNotExist();
    assertThat(without.resolve("other")).doesNotExist();
    try (MongoStorage storage = open()) {
      Path file = back(backups(storage), "keys", new BackupOrder(true));
      Path with = Files.createDirectories(folder.resolve("with"));
      assertThat(Restore.restore(file, with).hasMasterKey()).isTrue();
      assertThat(with.resolve("master.key")).hasContent("secret");
      assertThat(Files.getPosixFilePermissions(with.resolve("master.key"))).hasSize(2);
    }
  }

  @Test
  void aBackupThatWasCutOrChangedIsRefusedAndLeavesNothing() throws Exception {
    byte[] good = Files.readAllBytes(small());
    Path bad = folder.resolve("bad.tar");
    Path target = folder.resolve("restored");
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 60; i++) {
      byte[] changed;
      if (i % 2 == 0) {
        changed = Arrays.copyOf(good, random.nextInt(good.length - 3 * 512));
      } else {
        changed = good.clone();
        changed[random.nextInt(good.length)] ^= 1;
      }
      Files.write(bad, changed);
      try {
        Restore.restore(bad, target);
        // What fills a tar up to whole blocks, and times and owners in its headers, mean nothing.
        assertThat(i % 2).isOne();
        Folders.delete(target);
      } catch (BackupException e) {
        refused++;
      }
      assertThat(target).doesNotExist();
    }
    assertThat(refused).isGreaterThanOrEqualTo(45);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.contains("restoring"));
    }
  }

  @Test
  void namesThatLeadOutOfTheFolderAndLinksAreRefused() throws Exception {
    List<TarArchiveEntry> hostile = new ArrayList<>();
    for (String name :
        List.of(
            "../evil", "blobs/../../evil", "/tmp/evil", "blobs//evil", "builder/x", "master.key")) {
      hostile.add(new TarArchiveEntry(name, true));
    }
    TarArchiveEntry link = new TarArchiveEntry("logs/evil", TarConstants.LF_SYMLINK);
    link.setLinkName("/etc");
    hostile.add(link);
    hostile.add(new TarArchiveEntry("blobs/", TarConstants.LF_DIR));
    for (TarArchiveEntry entry : hostile) {
      Path file = folder.resolve("hostile.tar");
      try (TarArchiveOutputStream tar =
          new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
        byte[] manifest =
            Json.bytes(new BackupManifest(1, 1, "http://evil", Samples.NOON, "m", false));
        TarArchiveEntry first = new TarArchiveEntry("manifest.json");
        first.setSize(manifest.length);
        tar.putArchiveEntry(first);
        tar.write(manifest);
        tar.closeArchiveEntry();
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
      assertThatThrownBy(() -> Restore.restore(file, folder.resolve("restored")))
          .as(entry.getName())
          .isInstanceOf(BackupException.class);
      assertThat(folder.resolve("evil")).doesNotExist();
    }
  }

  @Test
  void aFolderWithSomethingInItIsLeftAlone() throws Exception {
    Path file = small();
    Path used = Files.createDirectories(folder.resolve("used"));
    Files.writeString(used.resolve("precious"), "x");
    assertThatThrownBy(() -> Restore.restore(file, used))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("is not empty");
    assertThat(used.resolve("precious")).hasContent("x");
  }

  @Test
  void aMongoDbOfItsOwnIsNotBackedUpAndItsOwnMeansAreNamed() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    try (MongoStorage storage = MongoStorage.at("mongodb://127.0.0.1:1")) {
      Backups backups = backups(storage);
      assertThatThrownBy(() -> backups.begin(WITHOUT_KEYS))
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.problem().detail()).contains("mongodump"));
    }
  }

  @Test
  void oneBackupIsMadeAtATimeAndLeavesNoPartBehind() throws Exception {
    small();
    Files.writeString(folder.resolve("data/killed.backup"), "left by a killed process");
    try (MongoStorage storage = open()) {
      Backups backups = backups(storage);
      try (Backups.Backup first = backups.begin(WITHOUT_KEYS)) {
        assertThatThrownBy(() -> backups.begin(WITHOUT_KEYS))
            .isInstanceOf(ApiException.class)
            .hasMessageContaining("Another backup");
        first.writeTo(OutputStream.nullOutputStream());
      }
      backups.begin(WITHOUT_KEYS).close();
      try (Stream<Path> left = Files.list(folder.resolve("data"))) {
        assertThat(left).noneMatch(path -> path.toString().endsWith(".backup"));
      }
    }
  }
}
