package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The content address of stored bytes: {@code sha256:} and 64 hexadecimal digits. */
public record BlobDigest(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  @JsonCreator
  public BlobDigest {
    if (!FORM.matcher(value).matches()) {
      throw new ProtocolException(
          "A digest is written sha256:<64 hexadecimal digits>, not '"
              + Texts.shorten(value)
              + "'.");
    }
  }

  /** The digest of these bytes. */
  public static BlobDigest of(byte[] content) {
    return ofHash(sha256().digest(content));
  }

  /**
   * The digest of what is in a file.
   *
   * @throws IOException if it cannot be read
   */
  public static BlobDigest of(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return of(sha256);
  }

  /** The digest a finished SHA-256 computation gives. */
  public static BlobDigest of(MessageDigest sha256) {
    return ofHash(sha256.digest());
  }

  /** A new SHA-256 computation. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }

  private static BlobDigest ofHash(byte[] hash) {
    return new BlobDigest("sha256:" + HexFormat.of().formatHex(hash));
  }

  /** The hexadecimal digits alone. */
  public String hex() {
    return value.substring("sha256:".length());
  }

  // Written out, because what the JVM makes of records costs an engine milliseconds at its start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlobDigest that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
