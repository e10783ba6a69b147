package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.testing.NeedsChromium;
import dev.pipewright.ui.http.Samples.Ending;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall in a real browser, measured in its DOM. */
@NeedsChromium
class WallIT {
  private static final int[][] SCREENS = {
    {390, 844}, {1280, 720}, {1920, 1080}, {3840, 2160}, {1080, 1920}
  };

  /** Everything that is wrong with the layout, and the font sizes of all texts on tiles. */
  private static final String MEASURE =
      """
      const wrong = [];
      const root = document.documentElement;
      const grid = document.querySelector('.wall-grid');
      for (const [name, e] of [['page', root], ['body', document.body], ['grid', grid]]) {
        if (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight) wrong.push(name + ' scrolls');
      }
      const head = document.querySelector('.wall-head');
      if (head.scrollWidth > head.clientWidth) wrong.push('head is cut');
      const tiles = [...document.querySelectorAll('.tile')];
      const boxes = tiles.map((tile) => tile.getBoundingClientRect());
      const sizes = new Set();
      boxes.forEach((box, i) => {
        const name = tiles[i].getAttribute('aria-label');
        if (box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5) wrong.push('outside: ' + name);
        if (tiles[i].scrollWidth > tiles[i].clientWidth + 1 || tiles[i].scrollHeight > tiles[i].clientHeight + 1) wrong.push('cut: ' + name);
        for (let k = i + 1; k < boxes.length; k++) {
          const other = boxes[k];
          if (box.left < other.right - 0.5 && other.left < box.right - 0.5 && box.top < other.bottom - 0.5 && other.top < box.bottom - 0.5) wrong.push('overlap: ' + name);
        }
        const walker = document.createTreeWalker(tiles[i], NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const range = document.createRange();
          range.selectNodeContents(walker.currentNode);
          const text = range.getBoundingClientRect();
          if (text.right > box.right || text.left < box.left || text.top < box.top - 1 || text.bottom > box.bottom + 1) wrong.push('text cut: ' + walker.currentNode.nodeValue + ' on ' + name);
          sizes.add(getComputedStyle(walker.currentNode.parentElement).fontSize);
        }
      });
      const shortened = tiles.filter((tile) => tile.textContent.includes('…')).length;
      return {wrong: wrong.slice(0, 10), sizes: [...sizes], tiles: tiles.length, shortened};
      """;

  private Path folder;
  private CannedServer server;
  private Browser browser;
  private Samples samples;

  @BeforeEach
  void start(@TempDir Path given) {
    folder = given;
    server = new CannedServer(InstantSource.system(), folder.resolve("wall.json"), 0);
    browser = new Browser(server.address(), folder.resolve("profile"));
    samples = new Samples(InstantSource.system().instant());
  }

  @AfterEach
  void stop() {
    browser.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 24, 100, 300})
  void everyTileIsWholeOnEveryScreen(int tiles) throws Exception {
    PreviewMain.fill(server, InstantSource.system().instant(), tiles);
    for (int[] screen : SCREENS) {
      browser.screen(screen[0], screen[1], "dark").open("/wall");
      await().until(() -> browser.all(".tile").size() == tiles);
      Map<?, ?> found = (Map<?, ?>) browser.run(MEASURE);
      String where = tiles + " tiles on " + screen[0] + "x" + screen[1];
      browser.screenshot("wall-" + tiles + "-" + screen[0] + "x" + screen[1]);
      assertThat((List<?>) found.get("wrong")).as(where).isEmpty();
      assertThat((List<?>) found.get("sizes")).as(where).hasSize(1);
      double size =
          Double.parseDouble(String.valueOf(found.get("sizes")).replaceAll("[^0-9.]", ""));
      double minimum = Math.max(8, Math.round(Math.min(screen[0], screen[1]) / 90.0));
      assertThat(size).as(where).isGreaterThanOrEqualTo(minimum);
      if (size > minimum) {
        assertThat(found.get("shortened")).as(where + " at " + size).isEqualTo(0L);
      }
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void longAndHostileNamesStayWholeAndHarmless() throws Exception {
    server.put(samples.pipeline("x".repeat(100), Outcome.FAILED, null));
    server.put(samples.pipeline("<img src=x onerror=alert(1)>", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("ウェブサイトのデプロイとテスト", Outcome.ERRORED, Ending.running()));
    for (int[] screen : SCREENS) {
      browser.screen(screen[0], screen[1], "light").open("/wall");
      await().until(() -> browser.all(".tile").size() == 3);
      Map<?, ?> found = (Map<?, ?>) browser.run(MEASURE);
      assertThat((List<?>) found.get("wrong")).as(screen[0] + "x" + screen[1]).isEmpty();
    }
    assertThat(browser.faintTexts()).isEmpty();
    assertThat(browser.all(".tile img")).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void brokenOnesComeFirstAndSayHowLongAndByWhom() {
    server.put(samples.pipeline("apple", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("zebra", Outcome.FAILED, Ending.running()));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.all(".tile").size() == 2);
    assertThat(browser.all(".tile").getFirst().getText())
        .contains("zebra", "failed", " h", "by ", " of ");
    assertThat(browser.find(".tile").getDomAttribute("class")).contains("f-failed", "a-running");
  }

  @Test
  void aRunThatWaitsIsCountedBesideTheOneThatRuns() {
    PipelineView running = samples.pipeline("shop", Outcome.SUCCEEDED, Ending.running());
    server.put(Samples.waiting(running, 2));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.all(".tile").size() == 1);
    assertThat(browser.find(".tile").getDomAttribute("class")).contains("a-running");
    assertThat(browser.all(".tile-bar")).hasSize(1);
    assertThat(browser.find(".tile .tile-waits").getText()).isEqualTo("2");
    assertThat(browser.find(".tile").getDomAttribute("aria-label")).endsWith("2 waiting");
    assertThat(browser.find(".counts").getText()).contains("1 waiting", "1 active");
    server.put(Samples.waiting(running, 0));
    await().until(() -> browser.all(".tile-waits").isEmpty());
  }

  @Test
  void aChangeIsShownWithoutAReload() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.text().contains("all green"));
    server.put(samples.pipeline("shop", Outcome.FAILED, null));
    await().until(() -> browser.text().contains("1 broken"));
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    await().until(() -> browser.text().contains("all green"));
  }

  @Test
  void theHeadIsWholeWithALongTitleAndEveryKindOfState() throws Exception {
    Files.writeString(
        folder.resolve("wall.json"), "{\"title\":\"" + "Operations of ".repeat(5) + "\"}");
    PreviewMain.fill(server, InstantSource.system().instant(), 100);
    for (int[] screen : SCREENS) {
      browser.screen(screen[0], screen[1], "light").open("/wall");
      await().until(() -> browser.all(".tile").size() == 100);
      await().until(() -> browser.run("return document.title").toString().startsWith("Oper"));
      assertThat((List<?>) ((Map<?, ?>) browser.run(MEASURE)).get("wrong"))
          .as(screen[0] + "x" + screen[1])
          .isEmpty();
      assertThat(browser.all(".counts .icon-waiting")).hasSize(1);
    }
  }

  @Test
  void theKeyHHidesTheGreenOnes() throws Exception {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("bank", Outcome.FAILED, null));
    browser.screen(1280, 720, "dark").open("/wall");
    await().until(() -> browser.all(".tile").size() == 2);
    browser.find("body").sendKeys("h");
    await().until(() -> browser.all(".tile").size() == 1);
    assertThat(browser.path()).isEqualTo("/wall?greens=hide");
    server.put(samples.pipeline("bank", Outcome.SUCCEEDED, null));
    await().until(() -> browser.text().contains("All green"));
    assertThat(browser.faintTexts()).isEmpty();
    browser.screenshot("wall-all-green");
  }

  @Test
  void whoeverIsOnABrokenPipelineIsNamedUntilItIsGreen() throws Exception {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("bank", Outcome.FAILED, null));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.all(".tile").size() == 2);
    browser.signIn(CannedServer.TOKEN);
    browser.find("body").sendKeys("m");
    assertThat(browser.find("dialog").getText()).contains("bank nobody is on it");
    assertThat(browser.all("dialog li")).hasSize(1);
    browser.find("dialog li button").click();
    await().until(() -> browser.find("dialog").getText().contains("bank ann is on it"));
    assertThat(browser.faintTexts()).isEmpty();
    browser.screenshot("wall-mending");
    browser.all("dialog > button").getLast().click();
    assertThat(browser.find(".tile.mended").getText()).contains("bank", "ann is on it");
    server.put(samples.pipeline("bank", Outcome.SUCCEEDED, null));
    await().until(() -> browser.all(".tile.mended").isEmpty());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aChangeSoundsOnlyWhereSomebodyHasTurnedThatOn() {
    server.put(samples.pipeline("shop", Outcome.FAILED, null));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.all(".tile").size() == 1);
    browser.run(
        """
        window.notes = 0;
        const start = AudioScheduledSourceNode.prototype.start;
        AudioScheduledSourceNode.prototype.start = function (...when) {
          window.notes += 1;
          return start.apply(this, when);
        };
        """);
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    await().until(() -> browser.run("return document.body.dataset.change").equals("mended"));
    assertThat(browser.run("return window.notes")).isEqualTo(0L);
    browser.find("body").sendKeys("s");
    assertThat(browser.path()).isEqualTo("/wall?sound=on");
    server.put(samples.pipeline("shop", Outcome.ERRORED, null));
    await().until(() -> browser.run("return window.notes").equals(2L));
    server.put(samples.pipeline("shop", Outcome.FAILED, null));
    await().until(() -> browser.text().contains("failed"));
    assertThat(browser.run("return window.notes")).isEqualTo(2L);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theScreenIsKeptOnAgainWheneverTheWallComesBackIntoSight() {
    browser.before(
        """
        window.locks = [];
        navigator.wakeLock.request = async (type) => {
          window.locks.push({ type, released: false });
          return window.locks.at(-1);
        };
        window.see = (hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        };
        """);
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.run("return window.locks.length").equals(1L));
    assertThat(browser.run("return window.locks[0].type")).isEqualTo("screen");
    browser.run("window.see(false)");
    assertThat(browser.run("return window.locks.length")).as("it is still held").isEqualTo(1L);
    browser.run("window.locks[0].released = true; window.see(true)");
    assertThat(browser.run("return window.locks.length")).as("nobody looks").isEqualTo(1L);
    browser.run("window.see(false)");
    await().until(() -> browser.run("return window.locks.length").equals(2L));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void nothingMovesForReadersWhoDoNotWantThat() {
    server.put(samples.pipeline("bank", Outcome.FAILED, Ending.running()));
    String moving = "return document.getAnimations().length";
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> !browser.all(".tile").isEmpty());
    await().until(() -> (Long) browser.run(moving) > 0);
    browser.calm();
    await().until(() -> browser.run(moving).equals(0L));
    browser.open("/");
    await().until(() -> !browser.all(".row .icon-running").isEmpty());
    assertThat(browser.run(moving)).isEqualTo(0L);
  }

  @Test
  void withoutBeatsTheWholeWallTurnsGreyAndComesBack() throws Exception {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    browser.screen(1280, 720, "dark").open("/wall");
    await().until(() -> browser.all(".tile").size() == 1);
    server.beats(false);
    await().until(() -> browser.text().contains("No data since"));
    assertThat(browser.run("return getComputedStyle(document.querySelector('main')).filter"))
        .isEqualTo("grayscale(1)");
    browser.screenshot("wall-stale");
    server.beats(true);
    await().until(() -> !browser.text().contains("No data since"));
  }

  @Test
  void theFileOnTheServerChoosesTitleAndTilesAndItsFaultsAreShown() throws Exception {
    Files.writeString(
        folder.resolve("wall.json"), "{\"title\":\"Ops room\",\"hide\":[\"*-nightly\"]}");
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("shop-nightly", Outcome.FAILED, null));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.text().contains("Ops room") && browser.all(".tile").size() == 1);
    Files.writeString(folder.resolve("wall.json"), "{");
    browser.open("/wall");
    await().until(() -> browser.text().contains("Could not read wall.json"));
    assertThat(browser.text()).contains("Ops room");
    assertThat((List<?>) ((Map<?, ?>) browser.run(MEASURE)).get("wrong")).isEmpty();
  }

  private static HttpServer serving(String feed) throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = feed.getBytes(StandardCharsets.UTF_8);
    other.createContext(
        "/cc.xml",
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    other.start();
    return other;
  }

  @Test
  void nothingIsAllGreenWhileThisServerDoesNotTellOfFeeds() throws Exception {
    HttpServer other =
        serving("<Projects><Project name='far' lastBuildStatus='Success'/></Projects>");
    Files.writeString(
        folder.resolve("wall.json"),
        "{\"feeds\": [{\"name\": \"there\", \"url\": \"http://127.0.0.1:%d/cc.xml\"}]}"
            .formatted(other.getAddress().getPort()));
    server.tellsFeeds(false);
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    browser.screen(1280, 720, "light").open("/wall?greens=hide");
    await().until(() -> browser.text().contains("there: not read yet"));
    await().until(() -> !browser.all(".tile.loud").isEmpty());
    assertThat(browser.find(".tile.loud").getText())
        .contains("Feeds of other servers", "The server answered 500.");
    assertThat(browser.text().toLowerCase(Locale.ROOT)).doesNotContain("all green", "no data");
    assertThat((List<?>) ((Map<?, ?>) browser.run(MEASURE)).get("wrong")).isEmpty();
    assertThat(browser.faintTexts()).isEmpty();
    browser.screenshot("wall-feeds-untold");
    server.tellsFeeds(true);
    await().until(() -> browser.text().contains("all green"));
    other.stop(0);
  }

  @Test
  void theFeedsOfOtherServersAreShownAndADeadOneIsLoud() throws Exception {
    HttpServer other =
        serving(
            "<Projects><Project name='far &lt;b&gt;' activity='Building' lastBuildStatus='Failure'/></Projects>");
    Files.writeString(
        folder.resolve("wall.json"),
        """
        {"feeds": [{"name": "there", "url": "http://127.0.0.1:%d/cc.xml", "everySeconds": 5,
                    "token": "not-for-browsers"}],
         "views": {"ops": {"title": "Ops", "own": false}}}
        """
            .formatted(other.getAddress().getPort()));
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    browser.screen(1280, 720, "light").open("/wall");
    await().until(() -> browser.text().contains("far <b>"));
    assertThat(browser.all(".tile")).hasSize(2);
    assertThat(browser.all(".tile").getFirst().getText()).contains("far <b>", "failed");
    assertThat(browser.run("return fetch('/wall.json').then((r) => r.text())").toString())
        .doesNotContain("not-for-browsers");
    browser.open("/wall/ops");
    await().until(() -> browser.text().contains("far <b>"));
    assertThat(browser.all(".tile")).hasSize(1);
    other.stop(0);
    await().until(() -> browser.all(".tile").size() == 2);
    assertThat(browser.find(".tile").getText()).contains("there: feed cannot be read", "reached");
    assertThat(browser.find(".tile").getDomAttribute("class")).contains("loud");
    assertThat((List<?>) ((Map<?, ?>) browser.run(MEASURE)).get("wrong")).isEmpty();
    assertThat(browser.faintTexts()).isEmpty();
    browser.screenshot("wall-feeds");
    assertThat(browser.complaints()).isEmpty();
  }
}
