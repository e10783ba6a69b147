package dev.pipewright.spawner.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The HMAC-SHA256 by which a sender proves that it knows the secret of a source. */
final class Signature {
  static final String HEADER = "X-Hub-Signature-256";
  private static final Pattern FORM = Pattern.compile("sha256=([0-9a-f]{64})");
  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /**
   * Why the signature of these raw bytes is not believed; empty if it is right. The comparison
   * takes the same time wherever the two differ, and SHA-1 alone is never enough.
   */
  static Optional<String> fault(HookHeaders headers, byte[] body, String secret) {
    byte[] expected = of(body, secret);
    Optional<String> given;
    try {
      given = headers.single(HEADER);
    } catch (MalformedHookException e) {
      return Optional.of("The header " + HEADER + " occurs more than once.");
    }
    if (given.isEmpty()) {
      return Optional.of(
          "The header " + HEADER + " is missing: set the secret of the source at the sender.");
    }
    var match = FORM.matcher(given.get());
    if (!match.matches()) {
      return Optional.of("The header " + HEADER + " is not sha256=<64 hexadecimal digits>.");
    }
    return MessageDigest.isEqual(expected, HexFormat.of().parseHex(match.group(1)))
        ? Optional.empty()
        : Optional.of("The signature does not fit the body: compare the secrets of both sides.");
  }

  /** The HMAC-SHA256 of {@code body} with the UTF-8 bytes of {@code secret}. */
  static byte[] of(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM + ".", e);
    }
  }
}
