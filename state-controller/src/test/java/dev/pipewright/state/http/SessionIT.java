package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.NewToken;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.KeepRule;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions of browsers as a browser, and as a page of another site has them. */
class SessionIT {
  private static final String PAGE = "Pipewright-Page";
  private static final String CANCEL = "/api/v1/runs/shop%231/cancel";
  private Served server;
  private String token;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    server = Served.on(config(folder, "https://ci.example"));
    server.admin().post(Routes.SOURCES, Samples.source());
    server.work("spawner-1").create(Samples.order("shop", "k1"));
    token =
        Json.read(
                server
                    .admin()
                    .post(Routes.TOKENS, new TokenSpec("otto", Role.OPERATOR, null))
                    .body(),
                NewToken.class)
            .token();
  }

  private static StateConfig config(Path folder, String url) {
    return new StateConfig(
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
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> signIn(String with, String... headers) throws Exception {
    return server.send("POST", Routes.SESSION, null, "{\"token\":\"" + with + "\"}", headers);
  }

  private String cookie() throws Exception {
    String set = signIn(token, PAGE, "1").headers().firstValue("Set-Cookie").orElseThrow();
    return set.substring(0, set.indexOf(';'));
  }

  @Test
  void aSessionReadsAndWritesUntilItIsEnded() throws Exception {
    HttpResponse<String> opened = signIn(token, PAGE, "1");
    assertThat(opened.statusCode()).isEqualTo(200);
    assertThat(opened.body()).contains("\"name\":\"otto\"").doesNotContain(token);
    assertThat(opened.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("HttpOnly", "SameSite=Lax", "Secure", "Path=/")
        .doesNotContain(token);
    String cookie = cookie();
    for (String path :
        List.of(
            "/beside",
            Routes.RUNS,
            Routes.TOKEN_SELF,
            "/cctray.xml",
            "/metrics",
            Routes.PIPELINES)) {
      assertThat(server.send("GET", path, null, null).statusCode()).as(path).isEqualTo(401);
      assertThat(server.send("GET", path, null, null, "Cookie", cookie).statusCode())
          .as(path)
          .isEqualTo(200);
    }
    assertThat(server.send("POST", CANCEL, null, "{}", "Cookie", cookie, PAGE, "1").statusCode())
        .isEqualTo(200);
    assertThat(server.send("GET", Routes.TOKENS, null, null, "Cookie", cookie).statusCode())
        .isEqualTo(403);
    HttpResponse<String> ended =
        server.send("DELETE", Routes.SESSION, null, null, "Cookie", cookie, PAGE, "1");
    assertThat(ended.statusCode()).isEqualTo(204);
    assertThat(ended.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
    assertThat(server.send("GET", Routes.RUNS, null, null, "Cookie", cookie).statusCode())
        .isEqualTo(401);
  }

  @Test
  @Timeout(60)
  void aStreamEndsWithTheSessionOrTheTokenItWasOpenedWith() throws Exception {
    String cookie = cookie();
    try (InputStream byCookie = server.stream("Cookie", cookie);
        InputStream byToken = server.stream("Authorization", "Bearer " + token);
        BufferedReader other =
            new BufferedReader(
                new InputStreamReader(
                    server.stream("Authorization", "Bearer " + Served.ADMIN),
                    StandardCharsets.UTF_8))) {
      server.state().beat();
      assertThat(
              server
                  .send("DELETE", Routes.SESSION, null, null, "Cookie", cookie, PAGE, "1")
                  .statusCode())
          .isEqualTo(204);
      server.state().beat();
      assertThat(new String(byCookie.readAllBytes(), StandardCharsets.UTF_8))
          .contains("event: beat");
      Object unused = server.admin().delete(Routes.TOKENS + "/otto");
      server.state().beat();
      assertThat(new String(byToken.readAllBytes(), StandardCharsets.UTF_8))
          .contains("event: beat");
      server.state().beat();
      assertThat(other.lines().filter("event: beat"::equals).limit(5)).hasSize(5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X-Nothing, 1, X-Nothing-Either, 1",
    "Sec-Fetch-Site, same-origin, X-Nothing, 1",
    "Pipewright-Page, 1, Sec-Fetch-Site, cross-site",
    "Pipewright-Page, 1, Sec-Fetch-Site, same-site",
    "Pipewright-Page, 1, Origin, https://evil.example",
    "Pipewright-Page, 1, Origin, null",
  })
  void anotherSiteChangesNothingWithTheCookie(
      String header, String value, String further, String furtherValue) throws Exception {
    HttpResponse<String> answer =
        server.send(
            "POST", CANCEL, null, "{}", "Cookie", cookie(), header, value, further, furtherValue);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(server.send("GET", "/api/v1/runs/shop%231", token, null).body())
        .contains("\"outcome\":null");
    assertThat(signIn(token, header, value, further, furtherValue).statusCode()).isEqualTo(403);
  }

  @Test
  void whoGuessesIsMadeToWait() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(signIn("usr_guess" + i, PAGE, "1").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> answer = signIn(token, PAGE, "1");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).contains("\"code\":\"too-many\"");
    assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 300);
  }

  @Test
  void aServiceOrARunGetsNoSession() throws Exception {
    assertThat(signIn(server.state().serviceToken(), PAGE, "1").statusCode()).isEqualTo(401);
  }

  @Test
  void everyWriteOfAPersonIsInTheAuditLogWithoutValuesOfSecrets() throws Exception {
    server.send("POST", Routes.SECRETS, Served.ADMIN, "{\"name\":\"KEY\",\"value\":\"hush-hush\"}");
    server.send("POST", CANCEL, null, "{}", "Cookie", cookie(), PAGE, "1");
    server.send("POST", Routes.SECRETS, token, "{\"name\":\"KEY\",\"value\":\"hush-hush\"}");
    server.send("GET", Routes.RUNS, token, null);
    server.work("spawner-1").create(Samples.order("shop", "k2"));

    HttpResponse<String> told = server.send("GET", Routes.AUDIT, Served.ADMIN, null);
    Page<AuditEntry> page =
        Json.read(
            told.body().getBytes(java.nio.charset.StandardCharsets.UTF_8),
            new Json.Generic<Page<AuditEntry>>() {});
    assertThat(page.items())
        .extracting(
            entry -> entry.who() + " " + entry.what() + " " + entry.target() + " " + entry.status())
        .containsExactly(
            "otto store a secret /secrets 403",
            "otto cancel a run /runs/shop%231/cancel 200",
            "otto open a session /session 200",
            "admin store a secret /secrets 201",
            "admin make a token /tokens 201",
            "admin register a source /sources 201");
    assertThat(page.items()).allMatch(entry -> entry.from().equals("127.0.0.1"));
    assertThat(told.body()).doesNotContain("hush-hush").doesNotContain(token);
    assertThat(server.send("GET", Routes.AUDIT, token, null).statusCode()).isEqualTo(403);
  }
}
