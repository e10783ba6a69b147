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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals secrets with AES-256-GCM, bound to what they belong to, so that a sealed text cannot be
 * moved to another place. Immutable.
 */
final class SecretBox {
  private static final Logger log = LoggerFactory.getLogger(SecretBox.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final List<SecretKeySpec> oldKeys;

  private SecretBox(SecretKeySpec key, List<SecretKeySpec> oldKeys) {
    this.key = key;
    this.oldKeys = List.copyOf(oldKeys);
  }

  /**
   * The key that is written so in base64; throws {@link IllegalArgumentException} saying why not.
   */
  static SecretKeySpec key(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("A master key is written in base64.", e);
    }
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "A master key must be %d bytes in base64, but has %d."
              .formatted(KEY_BYTES, bytes.length));
    }
    return new SecretKeySpec(bytes, "AES");
  }

  /**
   * With these keys, or else with that of {@code file}, which is made if missing. What was sealed
   * with an old key, or with that of the file before one was configured, can still be read.
   */
  static SecretBox open(@Nullable MasterKeys keys, Path file) throws IOException {
    List<SecretKeySpec> oldKeys = new ArrayList<>();
    if (keys != null) {
      keys.old().forEach(one -> oldKeys.add(key(one)));
    }
    String current = keys == null ? null : keys.current();
    if (current == null) {
      return new SecretBox(fileKey(file), oldKeys);
    }
    if (Files.exists(file)) {
      oldKeys.add(fileKey(file));
    }
    return new SecretBox(key(current), oldKeys);
  }

  private static SecretKeySpec fileKey(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[KEY_BYTES];
      RANDOM.nextBytes(fresh);
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, Base64.getEncoder().encode(fresh), StandardOpenOption.SYNC);
      } catch (FileAlreadyExistsException e) {
        return fileKey(file);
      }
    }
    return key(Files.readString(file, StandardCharsets.US_ASCII));
  }

  /** The secret, sealed for {@code owner}. */
  String seal(String secret, String owner) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, nonce, owner)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] both = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, both, nonce.length, sealed.length);
      return Base64.getEncoder().encodeToString(both);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Could not seal a secret of " + owner + ".", e);
    }
  }

  /** The secret again; throws if it was sealed with an unknown key or for another owner. */
  String unseal(String sealed, String owner) {
    return tryUnseal(sealed, owner)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Could not read the secret of %s: was the master key changed?"
                        .formatted(owner)));
  }

  /** The secret again; nothing if it was sealed with an unknown key or for another owner. */
  Optional<String> tryUnseal(String sealed, String owner) {
    return Stream.concat(Stream.of(key), oldKeys.stream())
        .flatMap(one -> unsealed(one, sealed, owner).stream())
        .findFirst();
  }

  /**
   * The secret sealed with the key of today, if it was sealed with an old one that is known. One
   * that no key opens is told to the log.
   */
  Optional<String> renewed(String sealed, String owner) {
    if (unsealed(key, sealed, owner).isPresent()) {
      return Optional.empty();
    }
    Optional<String> secret = tryUnseal(sealed, owner);
    if (secret.isEmpty()) {
      log.atWarn()
          .addKeyValue("owner", owner)
          .log("No master key opens a secret: is master.key that of the server it is from?");
    }
    return secret.map(found -> seal(found, owner));
  }

  private static Optional<String> unsealed(SecretKeySpec with, String sealed, String owner) {
    byte[] both = Base64.getDecoder().decode(sealed);
    try {
      byte[] secret =
          cipher(Cipher.DECRYPT_MODE, with, Arrays.copyOf(both, NONCE_BYTES), owner)
              .doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
      return Optional.of(new String(secret, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String owner)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
