package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.testing.NeedsChromium;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser, before a server that says what it is told to say. The browser must
 * have nothing to complain about but refusals.
 */
@NeedsChromium
abstract class InConsole {
  CannedServer server;
  Browser browser;
  Instant now;
  Samples samples;

  @BeforeEach
  void begin(@TempDir Path given) {
    server = new CannedServer(InstantSource.system(), given.resolve("wall.json"), 0);
    browser = new Browser(server.address(), given.resolve("profile"));
    browser.screen(1280, 800, "light");
    now = InstantSource.system().instant();
    samples = new Samples(now);
  }

  @AfterEach
  void end() {
    List<String> complaints = browser.complaints();
    browser.close();
    server.close();
    assertThat(complaints.stream().filter(line -> !line.contains("status of 4")).toList())
        .isEmpty();
  }

  /** Opens a page and waits until there is something that {@code awaited} selects. */
  void open(String path, String awaited) {
    browser.open(path);
    await(path).until(() -> !browser.all(awaited).isEmpty());
  }
}
