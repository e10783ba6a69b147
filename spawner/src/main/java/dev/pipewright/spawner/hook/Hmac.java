package dev.pipewright.spawner.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256. */
public final class Hmac {
  private static final String ALGORITHM = "HmacSHA256";

  private Hmac() {}

  /** A new computation with this key. */
  static Mac with(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM + ".", e);
    }
  }

  /** The HMAC-SHA256 of {@code body} with the UTF-8 bytes of {@code secret}. */
  public static byte[] of(byte[] body, String secret) {
    return with(secret.getBytes(StandardCharsets.UTF_8)).doFinal(body);
  }

  /** True for equal texts; the time tells neither where they differ nor how long they are. */
  static boolean equal(String secret, String given) {
    byte[] expected = of(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    return MessageDigest.isEqual(expected, of(given.getBytes(StandardCharsets.UTF_8), ALGORITHM));
  }
}
