package dev.pipewright.state.oidc;

import static dev.pipewright.state.oidc.OidcException.Kind.UNPROVEN;

import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a provider says of somebody: a JSON Web Token before it is believed. */
final class IdToken {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int LONGEST = 64 * 1024;
  private static final int LONGEST_SUBJECT = 255;

  private final String signedText;
  private final byte[] signature;
  private final JsonTree header;
  private final JsonTree claims;

  /**
   * What a token must hold to be meant for us and for this sign-in.
   *
   * @param nonce what was sent along with the browser
   */
  record Expected(String issuer, String clientId, String nonce) {}

  private IdToken(String signedText, byte[] signature, JsonTree header, JsonTree claims) {
    this.signedText = signedText;
    this.signature = signature;
    this.header = header;
    this.claims = claims;
  }

  /**
   * Reads a token and believes nothing of it.
   *
   * @throws OidcException UNPROVEN if it is no signed token
   */
  static IdToken read(String token) throws OidcException {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3 || token.length() > LONGEST) {
      throw refused("it is not signed");
    }
    try {
      return new IdToken(
          parts[0] + "." + parts[1], decoded(parts[2]), json(parts[0]), json(parts[1]));
    } catch (IllegalArgumentException e) {
      throw new OidcException(UNPROVEN, words("it cannot be read"), e);
    }
  }

  private static byte[] decoded(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  private static JsonTree json(String part) {
    return Json.tree(decoded(part));
  }

  private static OidcException refused(String reason) {
    return new OidcException(UNPROVEN, words(reason));
  }

  private static String words(String reason) {
    return "The provider's word on who you are is not believed: " + reason + ".";
  }

  /** The algorithm it says it is signed with. */
  String algorithm() {
    return header.at("alg").text().orElse("none");
  }

  /** The key it says it is signed with; null if it does not say. */
  @Nullable String keyId() {
    return header.at("kid").text().orElse(null);
  }

  /**
   * Checks everything and gives what may be believed from now on.
   *
   * @throws OidcException UNPROVEN with the reason
   */
  JsonTree believed(SigningKeys keys, Expected expected, Instant now) throws OidcException {
    if (!SigningKeys.isKnown(algorithm())) {
      throw refused("it is signed in a way that is not believed; RS256 and ES256 are");
    }
    if (header.at("crit").isPresent()) {
      throw refused("it asks for something that is not known here");
    }
    byte[] text = signedText.getBytes(StandardCharsets.US_ASCII);
    if (!keys.signed(algorithm(), keyId(), text, signature)) {
      throw refused("its signature is wrong");
    }
    if (!claims.at("iss").text().orElse("").equals(expected.issuer())) {
      throw refused("it is from another provider");
    }
    checkAudience(expected.clientId());
    checkTimes(now);
    if (!same(claims.at("nonce").text().orElse(""), expected.nonce())) {
      throw refused("it is from another sign-in");
    }
    String subject = claims.at("sub").text().orElse("");
    if (subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
      throw refused("it names nobody");
    }
    return claims;
  }

  private void checkAudience(String clientId) throws OidcException {
    JsonTree aud = claims.at("aud");
    List<String> audience =
        Stream.concat(aud.text().stream(), aud.elements().stream().flatMap(e -> e.text().stream()))
            .toList();
    String party = claims.at("azp").text().orElse(null);
    boolean ours = party == null ? audience.size() == 1 : party.equals(clientId);
    if (!audience.contains(clientId) || !ours) {
      throw refused("it is meant for another server");
    }
  }

  private void checkTimes(Instant now) throws OidcException {
    if (!now.isBefore(time("exp", Instant.EPOCH).plus(SKEW))) {
      throw refused("it has expired; are the clocks of both servers right?");
    }
    Instant latest = now.plus(SKEW);
    if (time("iat", now).isAfter(latest) || time("nbf", now).isAfter(latest)) {
      throw refused("it is from the future; are the clocks of both servers right?");
    }
  }

  private Instant time(String name, Instant otherwise) throws OidcException {
    JsonTree claim = claims.at(name);
    if (!claim.isPresent()) {
      return otherwise;
    }
    String seconds = claim.scalar().orElse("").replaceFirst("\\..*", "");
    if (!seconds.matches("\\d{1,11}")) {
      throw refused("its times cannot be read");
    }
    return Instant.ofEpochSecond(Long.parseLong(seconds));
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
