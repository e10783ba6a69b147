package dev.pipewright.engine.cache;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.CacheAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Caches of local runs in a folder: per key an archive and a note of its digest, size and key. What
 * was not used for 14 days is removed. Several runs may use the folder at the same time.
 */
public final class LocalCaches implements Caches {
  private static final Duration UNUSED = Duration.ofDays(14);

  private final Path folder;
  private final String pipeline;
  private final InstantSource clock;

  /** Caches of one pipeline in {@code folder}, which is made once something is stored. */
  public LocalCaches(Path folder, String pipeline, InstantSource clock) {
    this.folder = folder;
    this.pipeline = pipeline;
    this.clock = clock;
  }

  private String name(String key) {
    byte[] text = (pipeline + "\n" + key).getBytes(StandardCharsets.UTF_8);
    return BlobDigest.of(text).hex().substring(0, 32);
  }

  private Path archive(BlobDigest digest) {
    return folder.resolve(digest.hex() + ".tar.gz");
  }

  @Override
  public CacheAnswer find(String key) throws IOException {
    Path note = folder.resolve(name(key) + ".txt");
    try {
      List<String> lines = Files.readAllLines(note);
      BlobDigest digest = new BlobDigest(lines.getFirst());
      long size = Files.size(archive(digest));
      for (Path used : List.of(note, archive(digest))) {
        Files.setLastModifiedTime(used, FileTime.from(clock.instant()));
      }
      return new CacheAnswer(digest, size, "stored " + lines.get(1));
    } catch (NoSuchFileException e) {
      return new CacheAnswer(null, 0, "nothing is stored for this key in " + folder);
    } catch (ProtocolException | IndexOutOfBoundsException e) {
      return new CacheAnswer(null, 0, "the note " + note + " is broken");
    }
  }

  @Override
  public void fetch(BlobDigest digest, Path target) throws IOException {
    MessageDigest sha256 = BlobDigest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(archive(digest)), sha256);
        OutputStream out = Files.newOutputStream(target)) {
      in.transferTo(out);
    }
    if (!BlobDigest.of(sha256).equals(digest)) {
      throw new CacheException("the archive is not the one that was stored");
    }
  }

  @Override
  public void store(String key, Path archive) throws IOException {
    Files.createDirectories(folder);
    sweep();
    MessageDigest sha256 = BlobDigest.sha256();
    Path part = Files.createTempFile(folder, "part-", ".tmp");
    try (InputStream in = new DigestInputStream(Files.newInputStream(archive), sha256);
        OutputStream out = Files.newOutputStream(part)) {
      in.transferTo(out);
    }
    BlobDigest digest = BlobDigest.of(sha256);
    replace(part, archive(digest));
    Path note = Files.createTempFile(folder, "part-", ".tmp");
    Files.writeString(
        note, String.join("\n", digest.value(), clock.instant().toString(), pipeline, key) + "\n");
    replace(note, folder.resolve(name(key) + ".txt"));
  }

  private static void replace(Path part, Path target) throws IOException {
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what nobody has used for long; archives follow their notes. */
  private void sweep() throws IOException {
    Instant oldest = clock.instant().minus(UNUSED);
    try (var all = Files.list(folder)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(oldest)) {
          Files.deleteIfExists(each);
        }
      }
    } catch (NoSuchFileException e) {
      // Another run was quicker.
    }
  }
}
