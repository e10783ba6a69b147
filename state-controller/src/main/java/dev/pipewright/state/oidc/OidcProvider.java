package dev.pipewright.state.oidc;

import static dev.pipewright.state.oidc.OidcException.Kind.AWAY;
import static dev.pipewright.state.oidc.OidcException.Kind.UNPROVEN;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The provider as it is reached: what it says of itself, its keys, and its tokens. What it says of
 * itself is asked for when it is needed first and kept for an hour; nothing is kept of a failure.
 * Blocks. Thread-safe.
 */
final class OidcProvider implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final long LIMIT_SECONDS = 10;
  private static final long LARGEST = 1024 * 1024;
  private static final Duration FRESH = Duration.ofHours(1);

  /** Keys are not asked for more often, whatever the tokens name. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final OidcConfig config;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private volatile @Nullable Described described;
  private volatile @Nullable Keys keys;

  /** What the provider says of itself. */
  private record Described(
      URI authorize, URI token, URI keys, List<String> scopes, boolean takesBasic, Instant at) {}

  private record Keys(SigningKeys keys, Instant at) {}

  OidcProvider(OidcConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * Where a browser is sent to sign in.
   *
   * @throws OidcException AWAY if the provider does not say so
   */
  URI authorization(PendingSignIns.Pending pending) throws OidcException {
    Described provider = described();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", config.clientId());
    query.put("redirect_uri", config.redirect().toString());
    query.put("scope", scope(provider));
    query.put("state", pending.state());
    query.put("nonce", pending.nonce());
    query.put("code_challenge", PendingSignIns.hash(pending.verifier()));
    query.put("code_challenge_method", "S256");
    String address = provider.authorize().toString();
    return URI.create(address + (address.contains("?") ? "&" : "?") + form(query));
  }

  /** Some providers tell of groups only who asks for a scope of that name; others refuse it. */
  private String scope(Described provider) {
    String groups = config.roles().claim();
    return "openid profile email" + (provider.scopes().contains(groups) ? " " + groups : "");
  }

  private static String form(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Exchanges a code for what the provider says of who came with it; not checked yet.
   *
   * @throws OidcException AWAY if it does not answer as it should, UNPROVEN if it does not take the
   *     code
   */
  IdToken exchange(String code, String verifier) throws OidcException {
    Described provider = described();
    Map<String, String> body = new LinkedHashMap<>();
    body.put("grant_type", "authorization_code");
    body.put("code", code);
    body.put("redirect_uri", config.redirect().toString());
    body.put("code_verifier", verifier);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(provider.token())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
    String secret = config.clientSecret();
    if (secret != null && provider.takesBasic()) {
      String both = encoded(config.clientId()) + ":" + encoded(secret);
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
    } else {
      body.put("client_id", config.clientId());
      if (secret != null) {
        body.put("client_secret", secret);
      }
    }
    HttpResponse<byte[]> answer = send(request.POST(BodyPublishers.ofString(form(body))).build());
    if (answer.statusCode() == 400 || answer.statusCode() == 401) {
      throw new OidcException(
          UNPROVEN,
          "The provider does not take back what it sent you with (%s)."
              .formatted(errorWord(answer.body())));
    }
    String token = tree(answer, "its token endpoint").at("id_token").text().orElse("");
    return IdToken.read(token);
  }

  private static String errorWord(byte[] body) {
    try {
      return word(Json.tree(body).at("error").text().orElse(""));
    } catch (ProtocolException e) {
      return word("");
    }
  }

  /** A word of a provider such as {@code access_denied}; anything else is not repeated. */
  static String word(String error) {
    return error.matches("[a-z0-9_.-]{1,60}") ? error : "no reason is given";
  }

  /**
   * Keys that this token can be checked with, asked for anew if there are none.
   *
   * @throws OidcException AWAY if they cannot be had
   */
  SigningKeys keysFor(IdToken token) throws OidcException {
    Instant now = clock.instant();
    Keys known = keys;
    boolean fresh = known != null && now.isBefore(known.at().plus(FRESH));
    if (known != null
        && (now.isBefore(known.at().plus(PAUSE))
            || (fresh && known.keys().has(token.algorithm(), token.keyId())))) {
      return known.keys();
    }
    SigningKeys found = SigningKeys.of(get(described().keys(), "its keys"));
    keys = new Keys(found, now);
    return found;
  }

  private Described described() throws OidcException {
    Described known = described;
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.at().plus(FRESH))) {
      return known;
    }
    String base = config.issuer().replaceAll("/+$", "");
    JsonTree tree =
        get(URI.create(base + "/.well-known/openid-configuration"), "what it says of itself");
    String issuer = tree.at("issuer").text().orElse("");
    if (!issuer.equals(config.issuer())) {
      throw away(
          "calls itself '%s', but --oidc-issuer says '%s'; they must be the same"
              .formatted(issuer.length() > 200 ? "something long" : issuer, config.issuer()),
          null);
    }
    List<String> ways = texts(tree.at("token_endpoint_auth_methods_supported"));
    Described found =
        new Described(
            endpoint(tree, "authorization_endpoint"),
            endpoint(tree, "token_endpoint"),
            endpoint(tree, "jwks_uri"),
            texts(tree.at("scopes_supported")),
            ways.contains("client_secret_basic") || !ways.contains("client_secret_post"),
            now);
    described = found;
    return found;
  }

  private static List<String> texts(JsonTree array) {
    return array.elements().stream().flatMap(element -> element.text().stream()).toList();
  }

  private URI endpoint(JsonTree tree, String name) throws OidcException {
    String address = tree.at(name).text().orElse("");
    if (!OidcConfig.isSafe(address)) {
      throw away("names no safe address as its " + name, null);
    }
    return URI.create(address);
  }

  private JsonTree get(URI address, String what) throws OidcException {
    return tree(
        send(HttpRequest.newBuilder(address).header("Accept", "application/json").build()), what);
  }

  private JsonTree tree(HttpResponse<byte[]> answer, String what) throws OidcException {
    if (answer.statusCode() != 200) {
      throw away("answered with status %d for %s".formatted(answer.statusCode(), what), null);
    }
    try {
      return Json.tree(answer.body());
    } catch (ProtocolException e) {
      throw away("answered with something else than JSON for " + what, e);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws OidcException {
    var answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      boolean unused = answer.cancel(true);
      throw away("did not answer within %d seconds".formatted(LIMIT_SECONDS), e);
    } catch (ExecutionException e) {
      throw away(
          e.getCause() instanceof IOException ? "cannot be reached" : "did not answer well",
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away("was not waited for", e);
    }
  }

  /** Ends what is being asked. */
  @Override
  public void close() {
    http.shutdownNow();
  }

  private OidcException away(String what, @Nullable Throwable cause) {
    String words = "%s %s.".formatted(config.host(), what);
    return cause == null ? new OidcException(AWAY, words) : new OidcException(AWAY, words, cause);
  }
}
