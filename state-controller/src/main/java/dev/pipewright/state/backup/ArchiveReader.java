package dev.pipewright.state.backup;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a backup that anybody may have made or changed: nothing in it is believed before the seal
 * at its end was found right. Confined to one archive.
 */
final class ArchiveReader {
  private static final int PIECE = 256 * 1024;
  private static final int LONGEST_JSON = 64 * 1024;

  /** Where the content of files goes. */
  interface Target {
    /** Takes a file with this name, which leads nowhere else than into a folder. */
    OutputStream open(String name) throws IOException;
  }

  /** A backup that was read to its end and is whole. */
  record Whole(BackupManifest manifest, BackupSeal seal) {}

  private final SealMaker seal = new SealMaker();
  private final byte[] piece = new byte[PIECE];

  /**
   * Reads a backup to its end.
   *
   * @throws BackupException if it is none, or is cut, damaged, or of a form that is not known
   * @throws IOException if it cannot be read, or the target cannot be written
   */
  Whole read(Path file, Target target) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), PIECE);
        TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
      TarArchiveEntry first = next(tar);
      if (first == null || !first.getName().equals(ArchiveNames.MANIFEST)) {
        throw new BackupException("It is no backup of Pipewright: it does not begin like one.");
      }
      BackupManifest manifest = manifest(json(tar, first, true, BackupManifest.class));
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        if (entry.getName().equals(ArchiveNames.SEAL)) {
          return new Whole(manifest, sealed(json(tar, entry, false, BackupSeal.class)));
        }
        copy(tar, checked(entry, manifest), entry.getSize(), target);
      }
      throw damaged("its end is missing");
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(e.getMessage());
    }
  }

  private static BackupManifest manifest(BackupManifest manifest) {
    if (manifest.format() != BackupManifest.FORMAT) {
      throw new BackupException(
          "It has the form %d, and this program knows %d: restore it with a newer Pipewright."
              .formatted(manifest.format(), BackupManifest.FORMAT));
    }
    return manifest;
  }

  private static String checked(TarArchiveEntry entry, BackupManifest manifest) {
    String name = entry.getName();
    if (!entry.isFile() || entry.isLink() || entry.isSymbolicLink() || entry.isSparse()) {
      throw damaged("it holds something that is no plain file");
    }
    if (!ArchiveNames.isFile(name) || (ArchiveNames.KEYS.contains(name) && !manifest.keys())) {
      throw damaged("it holds a file that is in no backup");
    }
    return name;
  }

  private <T> T json(
      TarArchiveInputStream tar, TarArchiveEntry entry, boolean counts, Class<T> type)
      throws IOException {
    if (!entry.isFile() || entry.getSize() > LONGEST_JSON) {
      throw damaged("its " + entry.getName() + " is too long");
    }
    byte[] content;
    try {
      content = tar.readNBytes((int) entry.getSize());
    } catch (IOException e) {
      throw damaged(e.getMessage());
    }
    if (counts) {
      seal.begin(entry.getName(), content.length);
      seal.take(content, content.length);
    }
    try {
      return Json.read(content, type);
    } catch (ProtocolException e) {
      throw damaged("its " + entry.getName() + " cannot be read");
    }
  }

  private BackupSeal sealed(BackupSeal written) {
    if (!seal.seal().equals(written)) {
      throw damaged("it does not hold what it held when it was made");
    }
    return written;
  }

  private void copy(TarArchiveInputStream tar, String name, long size, Target target)
      throws IOException {
    seal.begin(name, size);
    try (OutputStream out = target.open(name)) {
      long left = size;
      while (left > 0) {
        int read = read(tar);
        if (read <= 0) {
          throw damaged("it ends within " + name);
        }
        seal.take(piece, read);
        out.write(piece, 0, read);
        left -= read;
      }
    }
  }

  private int read(TarArchiveInputStream tar) {
    try {
      return tar.read(piece, 0, piece.length);
    } catch (IOException e) {
      throw damaged(e.getMessage());
    }
  }

  private static BackupException damaged(@Nullable String why) {
    return new BackupException("It is damaged or was cut off: " + why + ".");
  }
}
