package dev.pipewright.state.backup;

import dev.pipewright.protocol.Folders;
import dev.pipewright.state.Schema;
import dev.pipewright.state.mongo.MongoStorage;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Makes a data folder of a backup, or looks whether that could be done. */
public final class Restore {
  private Restore() {}

  /**
   * What a backup held.
   *
   * @param hasMasterKey whether the key that opens its secrets is in it
   */
  public record Result(BackupManifest manifest, long files, long bytes, boolean hasMasterKey) {}

  /**
   * Reads a whole backup.
   *
   * @throws BackupException if it cannot be used
   * @throws IOException if the file cannot be read
   */
  public static Result check(Path backup) throws IOException {
    return read(backup, name -> OutputStream.nullOutputStream());
  }

  /**
   * Makes a data folder that a server can be started on. It appears as a whole, once everything was
   * found to be right.
   *
   * @param folder where; nothing is there yet, or an empty folder
   * @throws BackupException if the backup or the folder cannot be used; nothing was changed
   * @throws IOException if the file cannot be read or the folder cannot be written
   */
  public static Result restore(Path backup, Path folder) throws IOException {
    checkEmpty(folder);
    Path whole = folder.toAbsolutePath().normalize();
    Path part = whole.resolveSibling(whole.getFileName() + ".restoring-" + UUID.randomUUID());
    Files.createDirectories(part);
    try {
      Result result = read(backup, name -> open(part, name));
      checkDatabase(part, result.manifest());
      Files.deleteIfExists(whole);
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
      return result;
    } catch (IOException | RuntimeException e) {
      Folders.delete(part);
      throw e;
    }
  }

  private static Result read(Path backup, ArchiveReader.Target target) throws IOException {
    boolean[] key = new boolean[1];
    ArchiveReader.Whole whole =
        new ArchiveReader()
            .read(
                backup,
                name -> {
                  key[0] |= name.equals(ArchiveNames.MASTER_KEY);
                  return target.open(name);
                });
    BackupManifest manifest = whole.manifest();
    if (manifest.schema() > Schema.CURRENT) {
      throw new BackupException(
          ("Its records have version %d of the schema, and this program knows up to %d: restore it"
                  + " with a newer Pipewright.")
              .formatted(manifest.schema(), Schema.CURRENT));
    }
    return new Result(manifest, whole.seal().files(), whole.seal().bytes(), key[0]);
  }

  private static void checkEmpty(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
      if (inside.iterator().hasNext()) {
        throw new BackupException(
            "The folder " + folder + " is not empty. Name one that is, or that does not exist.");
      }
    } catch (NotDirectoryException e) {
      throw new BackupException(folder + " is a file. Name a folder that does not exist.");
    }
  }

  private static OutputStream open(Path part, String name) throws IOException {
    Path file = part.resolve(name);
    Files.createDirectories(file.getParent());
    try {
      if (ArchiveNames.KEYS.contains(name)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      throw new BackupException("It is damaged: it holds " + name + " twice.");
    }
    return Files.newOutputStream(file);
  }

  private static void checkDatabase(Path part, BackupManifest manifest) {
    Path database = MongoStorage.file(part);
    if (Files.notExists(database)) {
      throw new BackupException("It is damaged: the database is missing.");
    }
    try {
      MongoStorage.checkCopy(database, manifest.mark());
    } catch (StoreException e) {
      throw new BackupException("It is damaged: " + e.getMessage());
    }
  }
}
