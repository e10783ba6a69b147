package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.Routes;
import dev.pipewright.state.KeepRule;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.oidc.OidcConfig;
import dev.pipewright.testing.CannedProvider;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in through a provider, over real redirects; and everything that must not work. */
class OidcIT {
  private static final String BEGIN = "/login/oidc?return=";

  private CannedProvider provider;
  private Served server;

  /** A browser as far as cookies and redirects go. */
  private final HttpClient browser =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .build();

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    provider = new CannedProvider(0);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;
    StateConfig config =
        new StateConfig(
            folder,
            null,
            URI.create(url),
            Served.ADMIN,
            null,
            null,
            true,
            false,
            Integer.MAX_VALUE,
            StateConfig.RECONCILE_EVERY,
            KeepRule.USUAL);
    OidcConfig oidc =
        OidcConfig.from(
            Map.of(
                "PIPEWRIGHT_OIDC_ISSUER",
                provider.issuer,
                "PIPEWRIGHT_OIDC_CLIENT_ID",
                CannedProvider.CLIENT,
                "PIPEWRIGHT_OIDC_CLIENT_SECRET",
                CannedProvider.SECRET,
                "PIPEWRIGHT_OIDC_ADMINS",
                "ci-admins",
                "PIPEWRIGHT_OIDC_OPERATORS",
                "dev, ops",
                "PIPEWRIGHT_OIDC_VIEWERS",
                "staff",
                "PIPEWRIGHT_PUBLIC_URL",
                url + "/"));
    server = Served.on(config, oidc, port);
    provider.claims.put("groups", List.of("staff"));
  }

  @AfterEach
  void stop() {
    browser.close();
    server.close();
    provider.close();
  }

  private HttpResponse<String> visit(String path) throws Exception {
    return browser.send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> signIn() throws Exception {
    return visit(BEGIN + "%2Fbeside%3Fx%3D1");
  }

  private String self() throws Exception {
    return visit(Routes.SESSION).body();
  }

  @Test
  void whoeverTheProviderKnowsIsSignedInAndComesBackToWhereTheyWere() throws Exception {
    HttpResponse<String> there = signIn();
    assertThat(there.statusCode()).isEqualTo(200);
    assertThat(there.body()).isEqualTo("What others serve.");
    assertThat(there.uri()).isEqualTo(server.uri("/beside?x=1"));
    assertThat(self()).contains("\"kind\":\"VIEWER\"", "\"name\":\"oidc:ada\"");
    assertThat(provider.visits.getFirst())
        .containsEntry("scope", "openid profile email groups")
        .containsEntry("client_id", CannedProvider.CLIENT);
    assertThat(server.send("GET", Routes.AUDIT, Served.ADMIN, null).body())
        .contains("oidc:ada", "open a session", "/session?subject=subject-of-ada");
    assertThat(server.send("GET", Routes.SIGN_IN, null, null).body())
        .isEqualTo("{\"provider\":\"127.0.0.1:" + provider.port() + "\"}");
  }

  @Test
  void whoIsInNoGroupOfOursIsToldSoAndNamesAreNotBelievedToBeHarmless() throws Exception {
    provider.claims.put("groups", "others");
    provider.claims.put("preferred_username", "<script>ada\u202e\n</script>" + "x".repeat(500));
    HttpResponse<String> page = signIn();
    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(page.body())
        .contains("none of your groups there may come in", "&lt;script&gt;ada\ufffd\ufffd")
        .doesNotContain("<script>")
        .doesNotContain("x".repeat(100));
    assertThat(self()).isEmpty();
  }

  private void assertRefused(HttpResponse<String> page, int status, String words) throws Exception {
    assertThat(page.statusCode()).as(page.body()).isEqualTo(status);
    assertThat(page.body()).contains(words);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(self()).isEmpty();
  }

  @Test
  void whatTheProviderRefusesIsSaidInItsWord() throws Exception {
    provider.forgetsCodes = true;
    assertRefused(signIn(), 401, "invalid_grant");
    provider.error = "access_denied";
    assertRefused(signIn(), 403, "access_denied");
    provider.error = "%3Cscript%3E";
    assertRefused(signIn(), 403, "no reason is given");
  }

  @Test
  void aProviderThatIsAwayIsSaidAndAskedAgainLater() throws Exception {
    int port = provider.port();
    provider.close();
    assertRefused(signIn(), 503, "cannot be reached");
    assertThat(signIn().body()).contains("/login/oidc?return=%2Fbeside%3Fx%3D1", "Try again");
    assertThat(server.send("GET", "/health/ready", null, null).statusCode()).isEqualTo(200);
    provider = new CannedProvider(port);
    provider.claims.put("groups", List.of("staff"));
    assertThat(signIn().statusCode()).isEqualTo(200);
  }

  @Test
  void whoGuessesIsMadeToWait() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertRefused(visit("/login/oidc/callback?code=x&state=" + i), 400, "is over");
    }
    HttpResponse<String> answer = signIn();
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).containsPattern("Try again in \\d+ seconds");
  }
}
