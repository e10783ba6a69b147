package dev.pipewright.state.oidc;

import static dev.pipewright.state.oidc.OidcException.Kind.AWAY;
import static dev.pipewright.state.oidc.OidcException.Kind.UNPROVEN;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a provider's word on who somebody is may be believed: the library checks it, and
 * what the library leaves open is checked here. Thread-safe.
 */
final class IdTokenCheck {
  /** The only algorithms that are believed; none of them takes a key that is shared. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private static final int SKEW_SECONDS = 60;
  private static final int LONGEST_SUBJECT = 255;

  private static final String EXPIRED = "it has expired; are the clocks of both servers right?";
  private static final String FUTURE =
      "it is from the future; are the clocks of both servers right?";
  private static final String NO_TIMES = "its times cannot be read";
  private static final String OTHER_PROVIDER = "it is from another provider";
  private static final String OTHER_SERVER = "it is meant for another server";
  private static final String OTHER_SIGN_IN = "it is from another sign-in";
  private static final String NOBODY = "it names nobody";
  private static final String SIGNATURE = "its signature is wrong";

  /** What to say to people, by what the library says first; anything else is said in general. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("Expired JWT", EXPIRED),
          Map.entry("(exp)", EXPIRED),
          Map.entry("time ahead", FUTURE),
          Map.entry("(iat)", NO_TIMES),
          Map.entry("member exp", NO_TIMES),
          Map.entry("member iat", NO_TIMES),
          Map.entry("member nbf", NO_TIMES),
          Map.entry("issuer", OTHER_PROVIDER),
          Map.entry("audience", OTHER_SERVER),
          Map.entry("party", OTHER_SERVER),
          Map.entry("nonce", OTHER_SIGN_IN),
          Map.entry("subject", NOBODY),
          Map.entry("matching key", "it is not signed with a key that the provider publishes"),
          Map.entry("Invalid signature", SIGNATURE));

  private static final Pattern SAID =
      Pattern.compile(String.join("|", WORDS.keySet().stream().map(Pattern::quote).toList()));

  private final String clientId;
  private final InstantSource clock;
  private final IDTokenValidator validator;

  IdTokenCheck(OidcConfig config, JWKSource<SecurityContext> keys, InstantSource clock) {
    this.clientId = config.clientId();
    this.clock = clock;
    this.validator =
        new IDTokenValidator(
            new Issuer(config.issuer()),
            new ClientID(clientId),
            new JWSVerificationKeySelector<>(ALGORITHMS, keys),
            null);
    validator.setMaxClockSkew(SKEW_SECONDS);
  }

  /**
   * Checks everything and gives what may be believed from now on.
   *
   * @param nonce what was sent along with the browser
   * @throws OidcException UNPROVEN with the reason; AWAY if the provider does not give its keys
   */
  JsonTree believed(JWT token, String nonce) throws OidcException {
    if (!(token.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm)
        || !ALGORITHMS.contains(algorithm)) {
      throw refused("it is signed in a way that is not believed; RS256 and ES256 are", null);
    }
    IDTokenClaimsSet claims = validated(token, nonce);
    String party = claims.getStringClaim("azp");
    if (party != null && !party.equals(clientId)) {
      throw refused(OTHER_SERVER, null);
    }
    Date from = claims.getDateClaim("nbf");
    Instant latest = clock.instant().plusSeconds(SKEW_SECONDS);
    if (from != null && from.toInstant().isAfter(latest)) {
      throw refused(FUTURE, null);
    }
    String subject = claims.getStringClaim("sub");
    if (subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
      throw refused(NOBODY, null);
    }
    return Json.tree(claims.toJSONString().getBytes(StandardCharsets.UTF_8));
  }

  private IDTokenClaimsSet validated(JWT token, String nonce) throws OidcException {
    try {
      return validator.validate(token, new Nonce(nonce));
    } catch (BadJOSEException e) {
      Matcher said = SAID.matcher(String.valueOf(e.getMessage()));
      String general = "it is not what it should be";
      throw refused(said.find() ? WORDS.getOrDefault(said.group(), general) : general, e);
    } catch (RateLimitReachedException e) {
      throw refused("it is signed with a key that cannot be asked for again so soon", e);
    } catch (KeySourceException e) {
      throw e.getCause() instanceof OidcException away
          ? away
          : new OidcException(AWAY, "The keys of the provider were not waited for.", e);
    } catch (JOSEException e) {
      throw refused("it cannot be checked", e);
    }
  }

  /** What is thrown when a token is not believed. */
  static OidcException refused(String reason, @Nullable Throwable cause) {
    String words = "The provider's word on who you are is not believed: " + reason + ".";
    return cause == null
        ? new OidcException(UNPROVEN, words)
        : new OidcException(UNPROVEN, words, cause);
  }
}
