package dev.pipewright.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with AES-256-GCM, bound to what they belong to, so that a sealed text cannot be
 * moved to another place. Immutable.
 */
final class SecretBox {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;

  private SecretBox(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "The master key must be %d bytes in base64, but has %d."
              .formatted(KEY_BYTES, key.length));
    }
    this.key = new SecretKeySpec(key, "AES");
  }

  /** With this key in base64, or else with that of {@code file}, which is made if missing. */
  static SecretBox open(@Nullable String configured, Path file) throws IOException {
    if (configured != null) {
      return new SecretBox(Base64.getDecoder().decode(configured.strip()));
    }
    if (!Files.exists(file)) {
      byte[] fresh = new byte[KEY_BYTES];
      RANDOM.nextBytes(fresh);
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, Base64.getEncoder().encode(fresh), StandardOpenOption.SYNC);
      } catch (FileAlreadyExistsException e) {
        return open(null, file);
      }
    }
    return new SecretBox(
        Base64.getDecoder().decode(Files.readString(file, StandardCharsets.US_ASCII).strip()));
  }

  /** The secret, sealed for {@code owner}. */
  String seal(String secret, String owner) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, owner)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] both = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, both, nonce.length, sealed.length);
      return Base64.getEncoder().encodeToString(both);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Could not seal a secret of " + owner + ".", e);
    }
  }

  /** The secret again; throws if it was sealed with another key or for another owner. */
  String unseal(String sealed, String owner) {
    byte[] both = Base64.getDecoder().decode(sealed);
    try {
      byte[] secret =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, NONCE_BYTES), owner)
              .doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
      return new String(secret, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "Could not read the secret of %s: was the master key changed?".formatted(owner), e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String owner) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
