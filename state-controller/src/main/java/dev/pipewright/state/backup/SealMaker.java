package dev.pipewright.state.backup;

import dev.pipewright.protocol.BlobDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Makes the seal of what is written or read. Confined to one archive. */
final class SealMaker {
  private final MessageDigest sha256 = BlobDigest.sha256();
  private long files;
  private long bytes;

  /** An entry begins. */
  void begin(String name, long size) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
    sha256.update(text);
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
    files++;
    bytes += size;
  }

  /** A part of its content. */
  void take(byte[] content, int length) {
    sha256.update(content, 0, length);
  }

  /** The seal; to be asked for once. */
  BackupSeal seal() {
    return new BackupSeal(files, bytes, BlobDigest.of(sha256).hex());
  }
}
