package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Phase;
import dev.pipewright.ui.http.Samples.Ending;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every page on a phone and on a desk, light and dark: nothing is wider than the screen, everything
 * can be read, axe-core finds no serious barrier, and the browser has nothing to complain about.
 */
class EveryPageIT extends InConsole {
  private static final List<String> PAGES =
      List.of(
          "/",
          "/runs",
          "/pipelines/shop",
          "/pipelines/shop?view=code",
          "/runs/shop%2342",
          "/runs/shop%2341",
          "/runs/release%2312",
          "/runs/release%2310?view=tests",
          "/runs/release%2310?view=artifacts",
          "/runs/release%2310?view=compare",
          "/deliveries",
          "/locks",
          "/sources",
          "/secrets",
          "/messages",
          "/tokens",
          "/audit",
          "/nowhere");

  private static final String DRAWN =
      "return document.querySelector('main h1') !== null"
          + " && !document.body.innerText.includes('Loading ')";

  private final List<String> found = new ArrayList<>();

  @AfterEach
  void stop() {
    assertThat(found).isEmpty();
  }

  @Test
  void everyPageCanBeUsedByEverybody() throws Exception {
    Instant now = InstantSource.system().instant();
    PreviewMain.fill(server, now, 12);
    Ending queued = new Ending(Phase.QUEUED, null, null);
    server.put(new Samples(now).run("queue", 7, queued, Duration.ZERO, 0));
    browser.screen(390, 844, "light").open("/");
    browser.signIn(CannedServer.TOKEN);
    for (String page : PAGES) {
      open(page);
      everywhere(page);
    }
  }

  @Test
  void everyEmptyPageAndEveryDialogCanBeUsedByEverybody() throws Exception {
    browser.screen(390, 844, "light").open("/");
    browser.signIn(CannedServer.TOKEN);
    for (String page : List.of("/", "/runs", "/deliveries", "/locks", "/sources", "/messages")) {
      open(page);
      everywhere("empty-" + page);
    }
    open("/secrets");
    browser.find(".page-head .primary").click();
    everywhere("dialog-secret");
    open("/sources");
    browser.find(".page-head .primary").click();
    everywhere("dialog-source");
    open("/");
    browser.focused().sendKeys("?");
    everywhere("dialog-keys");
    server.sessions.end();
    server.sessions.provider = "login.example.org";
    browser.open("/secrets");
    await().until(() -> !browser.all(".sign-in a.button").isEmpty());
    everywhere("dialog-sign-in");
  }

  private void everywhere(String page) throws IOException {
    String name = page.equals("/") ? "overview" : page.replaceAll("\\W+", "-").replaceAll("^-", "");
    for (int width : List.of(390, 1280)) {
      for (String theme : List.of("light", "dark")) {
        browser.screen(width, width == 390 ? 844 : 800, theme);
        String at = page + " at " + width + ", " + theme;
        if (!browser.fitsInWidth()) {
          found.add(at + ": wider than the screen");
        }
        browser.faintTexts().forEach(text -> found.add(at + ": too faint: " + text));
        if (theme.equals(width == 390 ? "light" : "dark")) {
          browser.screenshot(name + "-" + width + "-" + theme);
          browser.barriers().forEach(barrier -> found.add(at + ": " + barrier));
        }
      }
    }
  }

  private void open(String path) {
    browser.open(path);
    await(path)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Boolean.TRUE.equals(browser.run(DRAWN)));
  }
}
