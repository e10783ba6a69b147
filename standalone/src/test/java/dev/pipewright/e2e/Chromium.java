package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A page in a Chromium without a window, driven by its own protocol. Confined to one thread. */
final class Chromium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final int MOST_TRIES = 10;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonTree>> asked = new ConcurrentHashMap<>();
  private int number;

  /** Starts a browser whose profile is in {@code folder}. */
  Chromium(Path folder) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path said = folder.resolve("DevToolsActivePort");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(said) && Files.size(said) > 0);
    String port = Files.readAllLines(said).getFirst();
    String page =
        http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString())
            .body();
    String address =
        Json.tree(page.getBytes(StandardCharsets.UTF_8))
            .at("webSocketDebuggerUrl")
            .text()
            .orElseThrow();
    socket = http.newWebSocketBuilder().buildAsync(URI.create(address), new Ear()).join();
    JsonTree unused = ask("Page.enable", Map.of());
  }

  /** When a page has painted its first content, and when it has shown what is waited for, in ms. */
  record Painted(double first, double shown) {}

  /** Opens a page and waits until {@code selector} is in it. */
  Painted open(URI page, String selector) {
    String name = "pipewright" + number;
    String look =
        "(() => { const look = () => document.querySelector('%s') ? (window.%s = performance.now())"
            + " : requestAnimationFrame(look); look(); })()";
    String script =
        ask(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of("source", look.formatted(selector, name)))
            .at("result", "identifier")
            .text()
            .orElseThrow();
    go(page);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .until(() -> number("window." + name) > 0 && number(FIRST) > 0);
    JsonTree unusedToo =
        ask("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
    return new Painted(number(FIRST), number("window." + name));
  }

  private static final String FIRST =
      "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

  private double number(String expression) {
    return value(expression).scalar().map(Double::parseDouble).orElse(0.0);
  }

  private JsonTree value(String expression) {
    return ask("Runtime.evaluate", Map.of("expression", expression))
        .at("result", "result", "value");
  }

  /**
   * Goes to a page, wherever that leads, and waits until the one before is gone. Goes there anew if
   * a network of this machine came or went meanwhile, because Chromium then breaks off what it
   * loads.
   */
  void go(URI page) {
    String unused = text("String(window.pipewrightLeft = true)");
    String problem = "ERR_NETWORK_CHANGED";
    for (int tries = 0; tries < MOST_TRIES && problem.contains("ERR_NETWORK_CHANGED"); tries++) {
      problem =
          ask("Page.navigate", Map.of("url", page.toString()))
              .at("result", "errorText")
              .text()
              .orElse("");
    }
    awaitText("String(window.pipewrightLeft)", "undefined");
  }

  /** Where the page is now. */
  String address() {
    return text("location.href");
  }

  /** What a script says of the page; empty if it says nothing, or the page is being left. */
  String text(String expression) {
    return value(expression).text().orElse("");
  }

  /** Waits until the visible text of an element contains some words. */
  void await(String selector, String words) {
    awaitText("document.querySelector(\"" + selector + "\")?.innerText", words);
  }

  /** Waits until what a script says of the page contains some words. */
  void awaitText(String script, String words) {
    Awaitility.await(words)
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(text(script)).contains(words));
  }

  /** Presses a button or follows a link, once it is there. */
  void press(String selector) {
    act(selector, "click()");
  }

  /** Enters a text into a field, once it is there. */
  void enter(String selector, String text) {
    act(selector, "value = \"" + text + "\"");
  }

  private void act(String selector, String what) {
    String script =
        "(() => { const found = document.querySelector(\"%s\"); if (found) { found.%s; return 'did'; } })()"
            .formatted(selector, what);
    Awaitility.await(selector)
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .until(() -> text(script).equals("did"));
  }

  /** Keeps a picture of the page among those of the tests. */
  void screenshot(String name) throws IOException {
    String picture =
        ask("Page.captureScreenshot", Map.of("format", "png"))
            .at("result", "data")
            .text()
            .orElseThrow();
    Files.createDirectories(SCREENSHOTS);
    Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(picture));
  }

  private JsonTree ask(String method, Map<String, Object> parameters) {
    number++;
    CompletableFuture<JsonTree> answer = new CompletableFuture<>();
    asked.put(number, answer);
    Object unused =
        socket
            .sendText(Json.text(Map.of("id", number, "method", method, "params", parameters)), true)
            .join();
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder heard = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heard.append(data);
      if (last) {
        JsonTree message = Json.tree(heard.toString().getBytes(StandardCharsets.UTF_8));
        heard.setLength(0);
        message
            .at("id")
            .scalar()
            .map(id -> asked.remove(Integer.parseInt(id)))
            .ifPresent(answer -> answer.complete(message));
      }
      from.request(1);
      return null;
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.close();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
