package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.state.StateConfig;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What feeds tell browsers and caches. */
class FeedHeadersIT {
  private static final String FEED = "/cctray.xml";
  private static final String WALL = "https://wall.example";
  private static final String ALLOWED = "Access-Control-Allow-Origin";

  private static StateConfig config(Path folder, boolean closed) {
    StateConfig usual = StateConfig.of(folder, URI.create("http://ci.example"), Served.ADMIN);
    return new StateConfig(
        usual.data(),
        null,
        usual.publicUrl(),
        usual.adminToken(),
        null,
        null,
        closed,
        false,
        usual.mostRuns(),
        usual.reconcileEvery(),
        usual.keep());
  }

  private static Optional<String> header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name);
  }

  private static HttpResponse<String> preflight(Served server, String origin) throws Exception {
    return server.send(
        "OPTIONS",
        FEED,
        null,
        null,
        "Origin",
        origin,
        "Access-Control-Request-Method",
        "GET",
        "Access-Control-Request-Headers",
        "authorization");
  }

  @Test
  void noPageOfAnotherSiteReadsAFeedUnlessItIsNamed(@TempDir Path folder) throws Exception {
    try (Served server = Served.on(config(folder, false), CorsOrigins.NONE)) {
      HttpResponse<String> answer = server.send("GET", FEED, null, null, "Origin", WALL);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, ALLOWED)).isEmpty();
      assertThat(header(answer, "Cache-Control")).contains("max-age=2");
      assertThat(header(answer, "Vary")).isEmpty();
      HttpResponse<String> asked = preflight(server, WALL);
      assertThat(asked.statusCode()).isEqualTo(204);
      assertThat(header(asked, ALLOWED)).isEmpty();
      assertThat(header(asked, "Allow")).contains("GET, HEAD, OPTIONS");
    }
  }

  @Test
  void aNamedPageReadsWithItsTokenAndIsToldWhyIfItMayNot(@TempDir Path folder) throws Exception {
    CorsOrigins origins = CorsOrigins.of(WALL + ", http://10.0.0.7:8080");
    try (Served server = Served.on(config(folder, true), origins)) {
      HttpResponse<String> asked = preflight(server, WALL);
      assertThat(asked.statusCode()).isEqualTo(204);
      assertThat(header(asked, ALLOWED)).contains(WALL);
      assertThat(header(asked, "Access-Control-Allow-Headers").orElse(""))
          .contains("Authorization");
      assertThat(header(asked, "Access-Control-Allow-Methods")).contains("GET, HEAD");
      HttpResponse<String> read = server.send("GET", FEED, Served.ADMIN, null, "Origin", WALL);
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(header(read, ALLOWED)).contains(WALL);
      assertThat(header(read, "Access-Control-Allow-Credentials")).contains("true");
      assertThat(header(read, "Vary")).contains("Authorization, Cookie, Origin");
      assertThat(header(read, "Cache-Control")).contains("private, max-age=2");
      HttpResponse<String> refused = server.send("GET", FEED, null, null, "Origin", WALL);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(header(refused, ALLOWED)).contains(WALL);
      String other = "https://evil.example";
      assertThat(header(server.send("GET", FEED, Served.ADMIN, null, "Origin", other), ALLOWED))
          .isEmpty();
      assertThat(header(preflight(server, other), ALLOWED)).isEmpty();
      assertThat(header(preflight(server, other), "Vary")).contains("Origin");
    }
  }

  @Test
  void everyPageMayReadIfThatIsWanted(@TempDir Path folder) throws Exception {
    try (Served server = Served.on(config(folder, false), CorsOrigins.of("*"))) {
      HttpResponse<String> answer = server.send("GET", FEED, null, null, "Origin", WALL);
      assertThat(header(answer, ALLOWED)).contains("*");
      assertThat(header(answer, "Access-Control-Allow-Credentials")).isEmpty();
      assertThat(header(answer, "Vary")).isEmpty();
    }
  }
}
