package dev.pipewright.engine.cache;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks an archive into an empty folder of its own. Whoever made the archive is not trusted:
 * every name lies in one of the expected folders, nothing is written through a link, and there are
 * limits to what comes out. Confined to one archive.
 */
final class Unpacking {
  private final Path into;
  private final List<Path> expected;
  private final CacheLimits limits;
  private final Set<Path> folders = new HashSet<>();
  private final SequencedMap<Path, Integer> folderModes = new LinkedHashMap<>();
  private long unpacked;
  private int entries;

  /**
   * Prepares.
   *
   * @param into an empty folder
   * @param expected paths, relative and normal, in which all names must lie
   */
  Unpacking(Path into, List<Path> expected, CacheLimits limits) {
    this.into = into;
    this.expected = expected;
    this.limits = limits;
    folders.add(Path.of(""));
  }

  /** The modes of the folders that were unpacked; to be set once they are in their place. */
  SequencedMap<Path, Integer> folderModes() {
    return folderModes;
  }

  /**
   * Unpacks everything.
   *
   * @throws CacheException if it is not an archive that was packed here
   */
  void unpack(Path archive) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), 64 * 1024);
        InputStream packed = new GZIPInputStream(file, 64 * 1024);
        TarArchiveInputStream tar = new TarArchiveInputStream(packed, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > limits.entries()) {
          throw new CacheException("holds more than %d files".formatted(limits.entries()));
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new CacheException("was interrupted");
        }
        unpack(entry, tar);
      }
    }
  }

  private void unpack(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    Path name = name(entry.getName());
    if (entry.isDirectory()) {
      folder(name);
      folderModes.put(name, entry.getMode());
      return;
    }
    Path parent = name.getParent();
    folder(parent == null ? Path.of("") : parent);
    if (entry.isSymbolicLink()) {
      Path target = target(entry);
      if (!LinkTargets.staysInside(name, target)) {
        throw new CacheException("holds a link that leads out of the workspace: " + name);
      }
      Files.createSymbolicLink(into.resolve(name), target);
    } else if (isPlain(entry)) {
      file(into.resolve(name), entry, tar);
    } else {
      throw new CacheException("holds what is no file, folder or symbolic link: " + name);
    }
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    byte kind = entry.getLinkFlag();
    return kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM;
  }

  private Path name(String text) throws CacheException {
    try {
      Path name = Path.of(text);
      boolean plain = !name.isAbsolute() && name.equals(name.normalize()) && !text.isEmpty();
      if (plain && !name.startsWith("..") && expected.stream().anyMatch(name::startsWith)) {
        return name;
      }
    } catch (InvalidPathException e) {
      throw new CacheException("holds a name that is none: " + e.getReason());
    }
    throw new CacheException("holds what does not belong to it: " + text);
  }

  private static Path target(TarArchiveEntry entry) throws CacheException {
    try {
      return Path.of(entry.getLinkName());
    } catch (InvalidPathException e) {
      throw new CacheException("holds a link to a name that is none: " + e.getReason());
    }
  }

  /** Makes a folder and those around it; never accepts one that was not made here. */
  private void folder(Path name) throws IOException {
    if (folders.contains(name)) {
      return;
    }
    Path parent = name.getParent();
    folder(parent == null ? Path.of("") : parent);
    try {
      Files.createDirectory(into.resolve(name));
    } catch (FileAlreadyExistsException e) {
      throw new CacheException("uses something else as a folder: " + name);
    }
    folders.add(name);
  }

  private void file(Path file, TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException {
    unpacked += entry.getSize();
    if (unpacked > limits.unpacked()) {
      throw new CacheException("holds more than " + Sizes.shown(limits.unpacked()));
    }
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      tar.transferTo(out);
    }
    Modes.set(file, entry.getMode());
    FileTime time = entry.getLastModifiedTime();
    Files.setLastModifiedTime(file, time);
  }
}
