package dev.pipewright.spawner.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * GitLab's two ways. A secret that begins with {@code whsec_} is a signing token (GitLab 19): then
 * the signature over id, time and body is demanded, and the time must be near. Any other secret is
 * the token that GitLab sends as it is. Which one counts is never taken from the request, as GitLab
 * sends the headers of the new way with the old one, too.
 */
final class GitLabProof implements Proof {
  private static final String SIGNING = "whsec_";
  private static final String VERSION = "v1,";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
  private static final int MOST_SIGNATURES = 10;

  @Override
  public Optional<String> fault(String secret, HookRequest request) {
    try {
      return secret.startsWith(SIGNING) ? unsigned(secret, request) : wrongToken(secret, request);
    } catch (MalformedHookException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> wrongToken(String secret, HookRequest request) {
    Optional<String> given = request.headers().single("X-Gitlab-Token");
    if (given.isEmpty()) {
      return Optional.of(
          "The header X-Gitlab-Token is missing: set the source's secret as the secret token of the"
              + " webhook.");
    }
    return Hmac.equal(secret, given.get())
        ? Optional.empty()
        : Optional.of("The token is not the secret of the source: compare both sides.");
  }

  private static Optional<String> unsigned(String secret, HookRequest request) {
    Optional<byte[]> key = key(secret);
    String id = request.headers().single("webhook-id").orElse("");
    String time = request.headers().single("webhook-timestamp").orElse("");
    String signatures = request.headers().single("webhook-signature").orElse("");
    if (key.isEmpty()) {
      return Optional.of("The secret of the source is no signing token: whsec_ and base64.");
    }
    if (id.isEmpty() || signatures.isEmpty() || !SECONDS.matcher(time).matches()) {
      return Optional.of(
          "The headers webhook-id, webhook-timestamp and webhook-signature are needed: set the"
              + " source's secret as the signing token of the webhook.");
    }
    Duration age =
        Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), request.receivedAt()).abs();
    if (age.compareTo(TOLERANCE) > 0) {
      return Optional.of(
          "The delivery was signed more than 5 minutes before or after this server's time: compare"
              + " the clocks, or have GitLab send it again.");
    }
    Mac mac = Hmac.with(key.get());
    mac.update((id + "." + time + ".").getBytes(UTF_8));
    return hasOne(signatures, mac.doFinal(request.raw()))
        ? Optional.empty()
        : Optional.of("The signature does not fit the body: compare the secrets of both sides.");
  }

  private static Optional<byte[]> key(String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(SIGNING.length()));
      return key.length == 0 ? Optional.empty() : Optional.of(key);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** While a token is replaced, GitLab sends a signature of each. */
  private static boolean hasOne(String signatures, byte[] expected) {
    byte[] wanted = (VERSION + Base64.getEncoder().encodeToString(expected)).getBytes(UTF_8);
    return Arrays.stream(signatures.split(" ", MOST_SIGNATURES))
        .anyMatch(given -> MessageDigest.isEqual(wanted, given.getBytes(UTF_8)));
  }
}
