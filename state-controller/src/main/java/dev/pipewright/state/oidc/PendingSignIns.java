package dev.pipewright.state.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who was sent to the provider and has not come back yet. Each can come back once, within ten
 * minutes, with the browser that was sent. Bounded in all and per network address; the oldest are
 * forgotten first. Thread-safe.
 */
final class PendingSignIns {
  /** How long somebody may take at the provider. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  static final int MOST = 5000;
  static final int MOST_PER_ADDRESS = 1000;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 32;

  private final InstantSource clock;
  private final LinkedHashMap<String, Pending> byState = new LinkedHashMap<>();

  /**
   * One sign-in under way.
   *
   * @param state what the provider must send back
   * @param verifier what proves to the provider that who fetches the token began the sign-in
   * @param returnTo where the browser goes afterwards
   * @param browser hash of the secret in its cookie
   */
  record Pending(
      String state, String nonce, String verifier, String returnTo, String browser, Begun begun) {}

  /** When and from which network address. */
  record Begun(Instant at, String address) {}

  PendingSignIns(InstantSource clock) {
    this.clock = clock;
  }

  /** 256 random bits that go into addresses and cookies. */
  static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  /** The SHA-256 of a text as PKCE writes it. */
  static String hash(String text) {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Remembers a new sign-in of the browser with this secret. */
  synchronized Pending begin(String returnTo, String browser, String address) {
    Instant now = clock.instant();
    Pending pending =
        new Pending(random(), random(), random(), returnTo, hash(browser), new Begun(now, address));
    forget(now, address);
    byState.put(pending.state(), pending);
    return pending;
  }

  private void forget(Instant now, String address) {
    byState.values().removeIf(old -> isOver(old, now));
    long same = byState.values().stream().filter(old -> isFrom(old, address)).count();
    Iterator<Map.Entry<String, Pending>> oldest = byState.entrySet().iterator();
    while (same >= MOST_PER_ADDRESS && oldest.hasNext()) {
      if (isFrom(oldest.next().getValue(), address)) {
        oldest.remove();
        same--;
      }
    }
    if (byState.size() >= MOST) {
      byState.pollFirstEntry();
    }
  }

  private static boolean isFrom(Pending pending, String address) {
    return pending.begun().address().equals(address);
  }

  private static boolean isOver(Pending pending, Instant now) {
    return !now.isBefore(pending.begun().at().plus(PATIENCE));
  }

  /**
   * The sign-in with this state, which is over by that, if it was begun by the browser with this
   * secret.
   */
  synchronized Optional<Pending> end(String state, String browser) {
    Pending pending = byState.remove(state);
    boolean good =
        pending != null
            && !isOver(pending, clock.instant())
            && MessageDigest.isEqual(
                hash(browser).getBytes(StandardCharsets.US_ASCII),
                pending.browser().getBytes(StandardCharsets.US_ASCII));
    return good ? Optional.of(pending) : Optional.empty();
  }

  /** How many are remembered. */
  synchronized int size() {
    return byState.size();
  }
}
