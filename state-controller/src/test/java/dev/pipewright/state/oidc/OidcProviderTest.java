package dev.pipewright.state.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pipewright.state.oidc.OidcException.Kind;
import dev.pipewright.state.oidc.PendingSignIns.Pending;
import dev.pipewright.testing.CannedProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider says of itself and how it answers, over HTTP. */
class OidcProviderTest {
  private static final String DESCRIPTION = "/.well-known/openid-configuration";

  private final HttpClient browser = HttpClient.newHttpClient();
  private CannedProvider canned;
  private OidcProvider provider;

  @BeforeEach
  void serve() throws Exception {
    canned = new CannedProvider(0);
    provider = knowing(CannedProvider.SECRET);
  }

  private OidcProvider knowing(@Nullable String secret) {
    return new OidcProvider(config(secret), InstantSource.system());
  }

  private OidcConfig config(@Nullable String secret) {
    return new OidcConfig(
        canned.issuer,
        CannedProvider.CLIENT,
        secret,
        new OidcRoles("groups", Set.of(), Set.of(), Set.of()),
        null,
        URI.create("https://ci.example.org" + OidcConfig.CALLBACK));
  }

  @AfterEach
  void stop() {
    provider.close();
    browser.close();
    canned.close();
  }

  /** Who a browser is that goes to the provider and comes back. */
  private String subject() throws Exception {
    Pending pending = new PendingSignIns(InstantSource.system()).begin("/", "browser", "10.0.0.1");
    HttpRequest there = HttpRequest.newBuilder(provider.authorization(pending, false)).build();
    HttpResponse<String> back = browser.send(there, BodyHandlers.ofString());
    String code =
        back.headers().firstValue("Location").orElseThrow().replaceAll(".*&code=|&iss=.*", "");
    return provider.exchange(code, pending).at("sub").text().orElseThrow();
  }

  private void assertRefused(Kind kind, String words) {
    OidcException refused = catchThrowableOfType(OidcException.class, this::subject);
    assertThat(refused).hasMessageContaining(words);
    assertThat(refused.kind()).isEqualTo(kind);
  }

  @Test
  void aNewKeyIsBelievedAtOnceAndTheOldOneNoMore() throws Exception {
    assertThat(subject()).isEqualTo("subject-of-ada");
    assertThat(subject()).isEqualTo("subject-of-ada");
    assertThat(canned.keysAsked).hasValue(1);
    canned.rotate();
    assertThat(subject()).isEqualTo("subject-of-ada");
    assertThat(canned.keysAsked).hasValue(2);
    canned.header.put("kid", "rsa-1");
    assertRefused(Kind.UNPROVEN, "cannot be asked for again so soon");
  }

  @Test
  void tokensCannotMakeTheProviderBeAskedAgainAndAgain() throws Exception {
    canned.header.put("kid", "of-nobody");
    for (int i = 0; i < 5; i++) {
      assertRefused(Kind.UNPROVEN, "is not believed");
    }
    assertThat(canned.keysAsked).hasValue(2);
    canned.header.clear();
    assertThat(subject()).isEqualTo("subject-of-ada");
  }

  @ParameterizedTest
  @CsvSource({
    "<html>, answered with something else than keys",
    "{}, answered with something else than keys",
    "'{\"keys\": [1]}', answered with something else than keys"
  })
  void keysThatCannotBeHadAreAskedForAgain(String answer, String words) throws Exception {
    canned.instead.put("/keys", answer);
    assertRefused(Kind.AWAY, words);
    canned.instead.clear();
    assertThat(subject()).isEqualTo("subject-of-ada");
  }

  @Test
  void aClientSaysWhoItIsInTheWayTheProviderTakes() throws Exception {
    canned.metadata.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
    assertThat(subject()).isEqualTo("subject-of-ada");
    provider.close();
    provider = knowing("another secret");
    assertRefused(Kind.UNPROVEN, "invalid_client");
    canned.metadata.put("token_endpoint_auth_methods_supported", List.of("none"));
    provider.close();
    provider = knowing(null);
    assertThat(subject()).isEqualTo("subject-of-ada");
  }

  @Test
  void anAddressOfTheProviderKeepsItsOwnQuery() throws Exception {
    canned.metadata.put("authorization_endpoint", canned.issuer + "/authorize?tenant=a%20b");
    assertThat(subject()).isEqualTo("subject-of-ada");
    assertThat(canned.visits.getFirst())
        .containsEntry("tenant", "a b")
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256");
  }

  @Test
  void nobodyIsSentToAProviderThatIsGone() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    provider.close();
    provider = new OidcProvider(config(null), now::get);
    Pending pending = new PendingSignIns(now::get).begin("/", "browser", "10.0.0.1");
    assertThat(provider.authorization(pending, false).getRawQuery()).doesNotContain("prompt");
    assertThat(provider.authorization(pending, true).getRawQuery()).contains("prompt=login");
    canned.close();
    assertThat(provider.authorization(pending, false)).hasPath("/authorize");
    now.set(Instant.EPOCH.plusSeconds(2));
    OidcException away =
        catchThrowableOfType(
            OidcException.class, () -> provider.authorization(pending, false).toURL());
    assertThat(away.kind()).isEqualTo(Kind.AWAY);
  }

  @ParameterizedTest
  @CsvSource({
    "authorization_endpoint, http://evil.example/authorize, no safe address as its authorization",
    "authorization_endpoint, , no safe address as its authorization_endpoint",
    "authorization_endpoint, javascript:alert(1), no safe address as its authorization",
    "token_endpoint, http://10.0.0.1/token, no safe address as its token_endpoint",
    "token_endpoint, , no safe address as its token_endpoint",
    "jwks_uri, http://evil.example/keys, no safe address as its jwks_uri",
    "jwks_uri, , as an OpenID Connect provider does"
  })
  void aProviderIsAskedOnlyAtSafeAddresses(String name, @Nullable String address, String words)
      throws Exception {
    canned.metadata.put(name, address);
    assertRefused(Kind.AWAY, words);
    canned.metadata.clear();
    assertThat(subject()).isEqualTo("subject-of-ada");
  }

  @Test
  void aDescriptionThatIsNoneIsSaid() {
    for (String description :
        List.of("<html>", "[]", "{}", "[".repeat(100_000), "{\"issuer\": \" \"}")) {
      canned.instead.put(DESCRIPTION, description);
      assertRefused(Kind.AWAY, "does not describe itself as an OpenID Connect provider does");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<html>, AWAY, something else than JSON for its token endpoint",
    "'{\"error\": \"invalid_grant\"}', UNPROVEN, invalid_grant",
    "'{\"access_token\": \"opaque\", \"token_type\": \"Bearer\"}', UNPROVEN, no ID token",
    "'{\"access_token\": \"x\", \"token_type\": \"Bearer\", \"id_token\": \"a.b.c\"}', UNPROVEN, cannot be read",
    "'{\"access_token\": \"\", \"token_type\": \"Bearer\"}', UNPROVEN, cannot be read",
    "'{\"access_token\": 1, \"token_type\": 2}', UNPROVEN, cannot be read",
    "'{\"error\": \"\"}', UNPROVEN, no reason is given",
    "'{\"error\": []}', UNPROVEN, no reason is given",
    "'{}', UNPROVEN, cannot be read"
  })
  void anAnswerWithoutATokenSignsNobodyIn(String answer, Kind kind, String words) {
    canned.instead.put("/token", answer);
    assertRefused(kind, words);
  }
}
