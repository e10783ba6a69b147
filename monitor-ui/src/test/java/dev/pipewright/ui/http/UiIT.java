package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served over HTTP: addresses, headers, caching. */
class UiIT {
  private Path folder;
  private CannedServer server;
  private HttpClient client;

  @BeforeEach
  void start(@TempDir Path given) {
    folder = given;
    server = new CannedServer(InstantSource.system(), folder.resolve("wall.json"), 0);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?q=shop",
        "/runs",
        "/runs/shop%2342",
        "/runs/shop%2342/verify/lint",
        "/pipelines/shop%20::%20pipeline%20code",
        "/sources",
        "/deliveries",
        "/locks",
        "/runs/shop%2342/verify/lint?attempt=1",
        "/wall"
      })
  void everyAddressIsAPageUnderAStrictPolicy(String path) throws Exception {
    HttpResponse<String> page = get(path);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .doesNotContain("unsafe")
        .endsWith("frame-ancestors 'none'");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void filesOfThisVersionAreKeptForEver() throws Exception {
    Matcher script = Pattern.compile("/assets/[0-9a-f]{12}/console\\.js").matcher(get("/").body());
    assertThat(script.find()).isTrue();
    HttpResponse<String> file = get(script.group());
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(header(file, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(file, "Cache-Control")).contains("immutable");
    assertThat(header(get("/assets/console.js"), "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void aKnownFileIsNotSentAgain() throws Exception {
    String tag = header(get("/assets/base.css"), "ETag");
    HttpResponse<String> again =
        send(request("/assets/base.css").header("If-None-Match", tag).build());
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void headAnswersWithoutABody() throws Exception {
    HttpResponse<String> head = send(request("/wall").HEAD().build());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(Integer.parseInt(header(head, "Content-Length"))).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/",
        "/assets/../wall.json",
        "/assets/%2e%2e/%2e%2e/application.properties",
        "/assets/000000000000/console.js",
        "/assets/console.html"
      })
  void whatIsNotAFileIsNotFound(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.body()).doesNotContain("<script", "import ");
    if (answer.statusCode() != 404) {
      assertThat(answer.uri().getPath()).contains("..");
      assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    }
  }

  @Test
  void aBrokenWallFileIsToldWithTheSettingsInUse() throws Exception {
    assertThat(get("/wall.json").body()).contains("\"problem\":null").contains("sick-first");
    write("{\"title\":\"Ops\"}");
    assertThat(get("/wall.json").body()).contains("\"title\":\"Ops\"");
    write("{\"title\":");
    assertThat(get("/wall.json").body())
        .contains("\"title\":\"Ops\"")
        .contains("Could not read wall.json");
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("wall.json"), json);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.address() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void anUnknownAddressShowsPeopleTheConsoleAndProgramsNothing() throws Exception {
    HttpRequest.Builder request = request("/no/such/page");
    HttpResponse<String> people =
        client.send(
            request.copy().header("Accept", "text/html").build(),
            HttpResponse.BodyHandlers.ofString());
    HttpResponse<String> programs =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());

    assertThat(people.statusCode()).isEqualTo(404);
    assertThat(people.body()).contains("<html");
    assertThat(programs.statusCode()).isEqualTo(404);
    assertThat(programs.body()).doesNotContain("<script");
  }
}
