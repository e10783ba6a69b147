package dev.pipewright.state.oidc;

import static dev.pipewright.state.oidc.OidcException.Kind.UNPROVEN;

import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.pipewright.protocol.json.JsonTree;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import net.minidev.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * The provider as people are sent to it and come back from it. What it says of itself is asked for
 * whenever somebody is sent there, as that may be in vain, but for what it said two seconds ago;
 * who comes back is believed by it for an hour. Nothing is kept of a failure. Blocks. Thread-safe.
 */
final class OidcProvider implements AutoCloseable {
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration IS_THERE = Duration.ofSeconds(2);

  private final OidcConfig config;
  private final InstantSource clock;
  private final ProviderHttp http;
  private volatile @Nullable Described described;

  /** What the provider says of itself, and the check of its tokens that follows from it. */
  private record Described(OIDCProviderMetadata metadata, IdTokenCheck check, Instant at) {}

  OidcProvider(OidcConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.http = new ProviderHttp(config.host());
  }

  /**
   * Where a browser is sent to sign in.
   *
   * @param isAnother whether the provider must ask who somebody is even if it knows
   * @throws OidcException AWAY if the provider does not say so
   */
  URI authorization(PendingSignIns.Pending pending, boolean isAnother) throws OidcException {
    OIDCProviderMetadata provider = described(IS_THERE).metadata();
    return new AuthenticationRequest.Builder(
            ResponseType.CODE, scope(provider), new ClientID(config.clientId()), config.redirect())
        .prompt(isAnother ? new Prompt(Prompt.Type.LOGIN) : null)
        .endpointURI(provider.getAuthorizationEndpointURI())
        .state(new State(pending.state()))
        .nonce(new Nonce(pending.nonce()))
        .codeChallenge(new CodeVerifier(pending.verifier()), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /** Some providers tell of groups only who asks for a scope of that name; others refuse it. */
  private Scope scope(OIDCProviderMetadata provider) {
    Scope scope = new Scope("openid", "profile", "email");
    String groups = config.roles().claim();
    if (provider.getScopes() != null && provider.getScopes().contains(groups)) {
      scope.add(groups);
    }
    return scope;
  }

  /**
   * Exchanges a code for what the provider says of who came with it, and checks that.
   *
   * @return the claims that may be believed
   * @throws OidcException AWAY if it does not answer as it should, UNPROVEN if it does not take the
   *     code, or if what it says is not to be believed
   */
  JsonTree exchange(String code, PendingSignIns.Pending pending) throws OidcException {
    Described provider = described(FRESH);
    HttpResponse<byte[]> answer =
        http.send(
            tokenRequest(
                provider.metadata(),
                new AuthorizationCodeGrant(
                    new AuthorizationCode(code),
                    config.redirect(),
                    new CodeVerifier(pending.verifier()))));
    if (answer.statusCode() == 400 || answer.statusCode() == 401) {
      throw untaken(errorWord(new String(answer.body(), StandardCharsets.UTF_8)));
    }
    return provider
        .check()
        .believed(idToken(http.text(answer, "its token endpoint")), pending.nonce());
  }

  private HttpRequest tokenRequest(OIDCProviderMetadata provider, AuthorizationCodeGrant grant) {
    URI endpoint = provider.getTokenEndpointURI();
    ClientID client = new ClientID(config.clientId());
    String secret = config.clientSecret();
    TokenRequest.Builder request;
    if (secret == null) {
      request = new TokenRequest.Builder(endpoint, client, grant);
    } else if (takesBasic(provider)) {
      request =
          new TokenRequest.Builder(
              endpoint, new ClientSecretBasic(client, new Secret(secret)), grant);
    } else {
      request =
          new TokenRequest.Builder(
              endpoint, new ClientSecretPost(client, new Secret(secret)), grant);
    }
    HTTPRequest made = request.build().toHTTPRequest();
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(endpoint).header("Accept", "application/json");
    made.getHeaderMap()
        .forEach((name, values) -> values.forEach(value -> sent.header(name, value)));
    return sent.POST(BodyPublishers.ofString(made.getBody())).build();
  }

  private static boolean takesBasic(OIDCProviderMetadata provider) {
    List<ClientAuthenticationMethod> ways = provider.getTokenEndpointAuthMethods();
    return ways == null
        || ways.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        || !ways.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
  }

  private JWT idToken(String body) throws OidcException {
    JSONObject answer;
    try {
      answer = JSONObjectUtils.parse(body);
    } catch (ParseException e) {
      throw http.away("answered with something else than JSON for its token endpoint", e);
    }
    try {
      TokenResponse response = OIDCTokenResponseParser.parse(answer);
      if (!(response instanceof OIDCTokenResponse tokens)) {
        throw untaken(errorWord(body));
      }
      JWT token = tokens.getOIDCTokens().getIDToken();
      if (token == null) {
        throw IdTokenCheck.refused("there is no ID token", null);
      }
      return token;
    } catch (ParseException e) {
      throw IdTokenCheck.refused("it cannot be read", e);
    }
  }

  private static OidcException untaken(String word) {
    return new OidcException(
        UNPROVEN, "The provider does not take back what it sent you with (%s).".formatted(word));
  }

  private static String errorWord(String body) {
    try {
      return word(JSONObjectUtils.getString(JSONObjectUtils.parse(body), "error", ""));
    } catch (ParseException e) {
      return word("");
    }
  }

  /** A word of a provider such as {@code access_denied}; anything else is not repeated. */
  static String word(String error) {
    return error.matches("[a-z0-9_.-]{1,60}") ? error : "no reason is given";
  }

  private Described described(Duration fresh) throws OidcException {
    Described known = described;
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.at().plus(fresh))) {
      return known;
    }
    OIDCProviderMetadata metadata = metadata();
    Described found = new Described(metadata, check(metadata, known), now);
    described = found;
    return found;
  }

  /** The check there is already, with the keys it keeps, unless they are elsewhere now. */
  private IdTokenCheck check(OIDCProviderMetadata metadata, @Nullable Described known) {
    URI keys = metadata.getJWKSetURI();
    return known != null && keys.equals(known.metadata().getJWKSetURI())
        ? known.check()
        : new IdTokenCheck(config, ProviderKeys.kept(http, keys), clock);
  }

  private OIDCProviderMetadata metadata() throws OidcException {
    String base = config.issuer().replaceAll("/+$", "");
    URI address = URI.create(base + "/.well-known/openid-configuration");
    OIDCProviderMetadata metadata;
    try {
      metadata = OIDCProviderMetadata.parse(http.get(address, "what it says of itself"));
    } catch (ParseException e) {
      throw http.away("does not describe itself as an OpenID Connect provider does", e);
    }
    String issuer = metadata.getIssuer().getValue();
    if (!issuer.equals(config.issuer())) {
      throw http.away(
          "calls itself '%s', but --oidc-issuer says '%s'; they must be the same"
              .formatted(issuer.length() > 200 ? "something long" : issuer, config.issuer()),
          null);
    }
    checkSafe(metadata.getAuthorizationEndpointURI(), "authorization_endpoint");
    checkSafe(metadata.getTokenEndpointURI(), "token_endpoint");
    checkSafe(metadata.getJWKSetURI(), "jwks_uri");
    return metadata;
  }

  private void checkSafe(@Nullable URI address, String name) throws OidcException {
    if (address == null || !OidcConfig.isSafe(address.toString())) {
      throw http.away("names no safe address as its " + name, null);
    }
  }

  /** Ends what is being asked. */
  @Override
  public void close() {
    http.close();
  }
}
