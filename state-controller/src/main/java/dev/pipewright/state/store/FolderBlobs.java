package dev.pipewright.state.store;

import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** Blobs as one file each; a file appears under its name only when it is whole and on disk. */
public final class FolderBlobs implements BlobStore {
  private final Path folder;

  /** Blobs in {@code folder}, which is made when it is first needed. */
  public FolderBlobs(Path folder) {
    this.folder = folder;
  }

  @Override
  public boolean put(BlobDigest digest, InputStream content) throws IOException {
    Path file = file(digest);
    Files.createDirectories(file.getParent());
    Path incoming = Files.createTempFile(folder, "incoming-", ".tmp");
    try {
      MessageDigest sha256 = BlobDigest.sha256();
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(incoming), sha256)) {
        content.transferTo(out);
      }
      if (!BlobDigest.of(sha256).equals(digest)) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(incoming, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  @Override
  public void remove(BlobDigest digest) {
    try {
      boolean unused = Files.deleteIfExists(file(digest));
    } catch (IOException e) {
      throw new StoreException("Could not remove the blob " + digest + ".", e);
    }
  }

  @Override
  public Optional<Long> size(BlobDigest digest) {
    try {
      return Optional.of(Files.size(file(digest)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("Could not measure the blob " + digest + ".", e);
    }
  }

  @Override
  public Optional<InputStream> open(BlobDigest digest) {
    try {
      return Optional.of(Files.newInputStream(file(digest)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("Could not read the blob " + digest + ".", e);
    }
  }

  private Path file(BlobDigest digest) {
    return folder.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }
}
