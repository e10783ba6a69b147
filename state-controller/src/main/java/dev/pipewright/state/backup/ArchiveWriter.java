package dev.pipewright.state.backup;

import dev.pipewright.protocol.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes a backup: a tar of a manifest, files, and a seal. Confined to one archive. */
final class ArchiveWriter {
  private static final int PIECE = 256 * 1024;

  private final TarArchiveOutputStream tar;
  private final SealMaker seal = new SealMaker();
  private final byte[] piece = new byte[PIECE];

  /** Writes to {@code out}, which stays open. */
  ArchiveWriter(OutputStream out) {
    this.tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  void add(BackupManifest manifest) throws IOException {
    byte[] json = Json.bytes(manifest);
    add(ArchiveNames.MANIFEST, json.length, new ByteArrayInputStream(json));
  }

  /** Adds a file as long as it is now, if it is there. It may become longer meanwhile. */
  void addIfThere(String name, Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (InputStream content = Files.newInputStream(file)) {
      add(name, Files.size(file), content);
    } catch (NoSuchFileException e) {
      // Removed meanwhile, as its time had come: whatever refers to it may be removed as well.
    }
  }

  /** Adds all files in a folder and below; those that come later may be in or not. */
  void addAll(String name, Path folder) throws IOException {
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
      for (Path path : inside) {
        String inner = name + "/" + path.getFileName();
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          addAll(inner, path);
        } else if (!inner.endsWith(".tmp")) {
          addIfThere(inner, path);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing was kept there yet, or it was removed meanwhile.
    }
  }

  private void add(String name, long size, InputStream content) throws IOException {
    begin(name, size);
    seal.begin(name, size);
    long left = size;
    while (left > 0) {
      int read = content.read(piece, 0, (int) Math.min(piece.length, left));
      if (read < 0) {
        throw new IOException("The file " + name + " became shorter while it was read.");
      }
      tar.write(piece, 0, read);
      seal.take(piece, read);
      left -= read;
    }
    tar.closeArchiveEntry();
  }

  private void begin(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
  }

  /** Ends the archive with its seal. */
  BackupSeal end() throws IOException {
    BackupSeal made = seal.seal();
    byte[] json = Json.bytes(made);
    begin(ArchiveNames.SEAL, json.length);
    tar.write(json);
    tar.closeArchiveEntry();
    tar.finish();
    tar.flush();
    return made;
  }
}
