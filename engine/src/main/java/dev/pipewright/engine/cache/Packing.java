package dev.pipewright.engine.cache;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Packs folders of a workspace into a gzipped tar: files, folders, their modes, and links that stay
 * in the workspace. Confined to one archive.
 */
final class Packing {
  private final Path root;
  private final CacheLimits limits;
  private long unpacked;
  private int entries;
  private int leftOut;

  /** {@code root} is the real path of the workspace. */
  Packing(Path root, CacheLimits limits) {
    this.root = root;
    this.limits = limits;
  }

  /** How many links were left out because they lead out of the workspace. */
  int leftOut() {
    return leftOut;
  }

  /**
   * Packs what there is of {@code paths}.
   *
   * @throws CacheException if it is too much
   */
  void pack(List<Path> paths, Path archive) throws IOException {
    String problem = "is larger than " + Sizes.shown(limits.packed());
    try (OutputStream file =
            new LimitedOutput(Files.newOutputStream(archive), limits.packed(), problem);
        OutputStream packed = new BufferedOutputStream(new QuickGzip(file), 64 * 1024);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (Path path : paths) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.walkFileTree(path, visitor(tar));
        }
      }
      tar.finish();
    }
  }

  private static final class QuickGzip extends GZIPOutputStream {
    QuickGzip(OutputStream out) throws IOException {
      super(out, 64 * 1024);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private SimpleFileVisitor<Path> visitor(TarArchiveOutputStream tar) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
          throws IOException {
        folder(folder, attributes, tar);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        if (attributes.isSymbolicLink()) {
          link(file, tar);
        } else if (attributes.isRegularFile()) {
          file(file, attributes, tar);
        }
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private void folder(Path folder, BasicFileAttributes attributes, TarArchiveOutputStream tar)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name(folder) + "/");
    entry.setMode(Modes.of(folder));
    entry.setModTime(attributes.lastModifiedTime());
    put(entry, tar);
    tar.closeArchiveEntry();
  }

  private void file(Path file, BasicFileAttributes attributes, TarArchiveOutputStream tar)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name(file));
    entry.setMode(Modes.of(file));
    entry.setModTime(attributes.lastModifiedTime());
    entry.setSize(attributes.size());
    unpacked += attributes.size();
    if (unpacked > limits.unpacked()) {
      throw new CacheException("holds more than " + Sizes.shown(limits.unpacked()));
    }
    put(entry, tar);
    Files.copy(file, tar);
    tar.closeArchiveEntry();
  }

  private void link(Path link, TarArchiveOutputStream tar) throws IOException {
    Path target = Files.readSymbolicLink(link);
    if (!LinkTargets.staysInside(root.relativize(link), target)) {
      leftOut++;
      return;
    }
    TarArchiveEntry entry = new TarArchiveEntry(name(link), TarConstants.LF_SYMLINK);
    entry.setLinkName(target.toString());
    put(entry, tar);
    tar.closeArchiveEntry();
  }

  private void put(TarArchiveEntry entry, TarArchiveOutputStream tar) throws IOException {
    if (++entries > limits.entries()) {
      throw new CacheException("holds more than %d files".formatted(limits.entries()));
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CacheException("was interrupted");
    }
    tar.putArchiveEntry(entry);
  }

  private String name(Path path) {
    return root.relativize(path).toString();
  }
}
