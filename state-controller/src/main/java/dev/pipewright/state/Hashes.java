package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes tokens and what is kept of them. */
final class Hashes {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TOKEN_BYTES = 32;

  private Hashes() {}

  /** A token nobody can guess; {@code kind} is a short readable beginning. */
  static String newToken(String kind) {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return kind + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What is kept of a token. */
  static String of(String token) {
    return BlobDigest.of(token.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
