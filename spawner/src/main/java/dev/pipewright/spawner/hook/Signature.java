package dev.pipewright.spawner.hook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * The HMAC-SHA256 of the body in a header, as most senders prove themselves. Only the first of the
 * headers that is there counts: a right copy in another one does not rescue a wrong one. SHA-1 is
 * never enough.
 */
record Signature(List<String> names, boolean ofPayload) implements Proof {
  private static final Pattern FORM = Pattern.compile("(?:sha256=)?([0-9a-f]{64})");
  private static final String PREFIXED = "X-Hub-Signature";

  Signature {
    names = List.copyOf(names);
  }

  /** A signature in the first of these headers that is there. */
  static Signature in(String... names) {
    return new Signature(List.of(names), false);
  }

  /** The same, where of a form either the bytes or the text of its payload may be signed. */
  Signature orOfPayload() {
    return new Signature(names, true);
  }

  @Override
  public Optional<String> fault(String secret, HookRequest request) {
    String name = request.headers().present(names);
    Optional<String> given;
    try {
      given = request.headers().single(name);
    } catch (MalformedHookException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (given.isEmpty()) {
      return Optional.of(
          "The header " + name + " is missing: set the secret of the source at the sender.");
    }
    var match = FORM.matcher(given.get());
    boolean prefixed = name.startsWith(PREFIXED);
    if (!match.matches() || prefixed != given.get().startsWith("sha256=")) {
      return Optional.of(
          "The header %s is not %s64 hexadecimal digits of HMAC-SHA256."
              .formatted(name, prefixed ? "sha256= and " : ""));
    }
    return signs(HexFormat.of().parseHex(match.group(1)), secret, request)
        ? Optional.empty()
        : Optional.of("The signature does not fit the body: compare the secrets of both sides.");
  }

  /** True for the HMAC of the bytes as they were sent, or before they were packed. */
  private boolean signs(byte[] given, String secret, HookRequest request) {
    if (MessageDigest.isEqual(Hmac.of(request.raw(), secret), given)) {
      return true;
    }
    try {
      if (request.isCompressed()) {
        Mac mac = Hmac.with(secret.getBytes(StandardCharsets.UTF_8));
        Gzip.inflate(request.raw(), (buffer, length) -> mac.update(buffer, 0, length));
        return MessageDigest.isEqual(mac.doFinal(), given);
      }
      return ofPayload
          && request.isForm()
          && MessageDigest.isEqual(Hmac.of(FormBody.payload(request.raw()), secret), given);
    } catch (MalformedHookException | TooLargeHookException e) {
      return false;
    }
  }
}
