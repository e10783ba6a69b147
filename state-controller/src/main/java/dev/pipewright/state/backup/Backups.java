package dev.pipewright.state.backup;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.BackupOrder;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.state.Schema;
import dev.pipewright.state.mongo.MongoStorage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes backups of the data folder while everything goes on, one at a time. Thread-safe. */
public final class Backups {
  private static final Logger log = LoggerFactory.getLogger(Backups.class);
  private static final String PART = ".backup";

  private final Path data;
  private final MongoStorage storage;
  private final URI server;
  private final InstantSource clock;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Backups of this folder; what one that was killed has left in it is removed. */
  public Backups(Path data, MongoStorage storage, URI server, InstantSource clock)
      throws IOException {
    this.data = data;
    this.storage = storage;
    this.server = server;
    this.clock = clock;
    try (DirectoryStream<Path> left = Files.newDirectoryStream(data, "*" + PART)) {
      for (Path part : left) {
        Files.deleteIfExists(part);
      }
    }
  }

  /**
   * Copies the database as it stands now. The rest is read while the backup is written: blobs do
   * not change and output only grows, so what the database knows is there.
   *
   * @return what is to be written, and closed in any case
   * @throws ApiException CONFLICT if another backup is being made, or the state is in a MongoDB of
   *     its own
   */
  public Backup begin(BackupOrder order) throws IOException {
    if (!storage.isEmbedded()) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The state is in a MongoDB, which has backups of its own.",
          "Use mongodump for it, and copy notifications.json, wall.json and master.key from the"
              + " data folder.");
    }
    if (!busy.compareAndSet(false, true)) {
      throw new ApiException(
          Problem.Code.CONFLICT, "Another backup is being made.", "Ask again once it is done.");
    }
    Path part = data.resolve(UUID.randomUUID() + PART);
    try {
      Instant at = clock.instant();
      String mark = storage.copyTo(part);
      return new Backup(
          part,
          new BackupManifest(
              BackupManifest.FORMAT, Schema.CURRENT, server.toString(), at, mark, order.keys()));
    } catch (IOException | RuntimeException e) {
      end(part);
      throw e;
    }
  }

  private void end(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      log.atWarn().addKeyValue("file", part).setCause(e).log("Part of a backup was left");
    } finally {
      busy.set(false);
    }
  }

  /** A backup that was begun. Used by one thread. */
  public final class Backup implements AutoCloseable {
    private final Path part;
    private final BackupManifest manifest;

    private Backup(Path part, BackupManifest manifest) {
      this.part = part;
      this.manifest = manifest;
    }

    /**
     * Writes it; {@code out} stays open.
     *
     * @throws IOException if something cannot be read or written; what was written is of no use
     */
    public void writeTo(OutputStream out) throws IOException {
      long startedAt = System.nanoTime();
      ArchiveWriter archive = new ArchiveWriter(out);
      archive.add(manifest);
      archive.addIfThere(ArchiveNames.DATABASE, part);
      for (String name : ArchiveNames.SETTINGS) {
        archive.addIfThere(name, data.resolve(name));
      }
      if (manifest.keys()) {
        for (String name : ArchiveNames.KEYS) {
          archive.addIfThere(name, data.resolve(name));
        }
      }
      for (String folder : ArchiveNames.FOLDERS) {
        archive.addAll(folder, data.resolve(folder));
      }
      BackupSeal seal = archive.end();
      log.atInfo()
          .addKeyValue("files", seal.files())
          .addKeyValue("bytes", seal.bytes())
          .addKeyValue("keys", manifest.keys())
          .addKeyValue("millis", (System.nanoTime() - startedAt) / 1_000_000)
          .log("A backup was made");
    }

    /** Lets others make backups. May be repeated. */
    @Override
    public void close() {
      end(part);
    }
  }
}
