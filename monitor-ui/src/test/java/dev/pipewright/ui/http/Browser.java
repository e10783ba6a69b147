package dev.pipewright.ui.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;

/** A fresh Chromium without a window. Confined to one thread. */
final class Browser implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String NETWORK_CHANGED = "ERR_NETWORK_CHANGED";
  private static final int MOST_TRIES = 10;

  /** Kept, because a logger that nobody holds forgets its level. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    SELENIUM.setLevel(Level.SEVERE);
    // Who waits for a page looks at it while it is being drawn: what was drawn anew is looked at
    // again.
    Awaitility.ignoreExceptionByDefault(StaleElementReferenceException.class);
  }

  private final ChromeDriver driver;
  private final String server;
  private final List<String> heard = new ArrayList<>();

  Browser(String server, Path profile) {
    this.server = server;
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile.toAbsolutePath());
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logging);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
  }

  /** Sets the size of the screen and the colours the reader prefers: {@code dark} or light. */
  Browser screen(int width, int height, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    return this;
  }

  /** Has the pages think that the reader wants nothing to move. */
  Browser calm() {
    Map<String, String> calm = Map.of("name", "prefers-reduced-motion", "value", "reduce");
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(calm)));
    return this;
  }

  /** Runs a script at the begin of every page, before its own. */
  Browser before(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    return this;
  }

  /**
   * Opens a page; anew if a network of this machine came or went meanwhile, as those of containers
   * do, because Chromium then breaks off what it loads.
   */
  Browser open(String path) {
    for (int tries = 1; !isLoaded(path); tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException("The networks of this machine change all the time.");
      }
    }
    return this;
  }

  private boolean isLoaded(String path) {
    try {
      driver.get(server + path);
    } catch (WebDriverException e) {
      if (!String.valueOf(e.getMessage()).contains(NETWORK_CHANGED)) {
        throw e;
      }
      return false;
    }
    hear();
    return !heard.removeIf(line -> line.contains(NETWORK_CHANGED));
  }

  private void hear() {
    StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
        .map(LogEntry::getMessage)
        .forEach(heard::add);
  }

  /** Exchanges a token for a session of this browser; the pages opened from now on know of it. */
  void signIn(String token) {
    Object status =
        driver.executeAsyncScript(
            """
            const [token, done] = arguments;
            fetch('/api/v1/session', {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', 'Pipewright-Page': '1' },
              body: JSON.stringify({ token }),
            }).then(({ status }) => done(status), (e) => done(String(e)));
            """,
            token);
    if (!Long.valueOf(200).equals(status)) {
      throw new IllegalStateException("Nobody was signed in: " + status);
    }
  }

  /** Enters a token into the dialog that asks who somebody is, once it is there. */
  void enterToken(String token) {
    find(".sign-in [name=token]").sendKeys(token, Keys.ENTER);
  }

  /** Chooses an option by its value, in the select with that label. */
  void choose(String label, String value) {
    new Select(find("select[aria-label='" + label + "']")).selectByValue(value);
  }

  /** What has the focus. */
  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  void back() {
    driver.navigate().back();
  }

  /** The path, query and fragment of the page. */
  String path() {
    return driver.getCurrentUrl().substring(server.length());
  }

  /** The first of these elements, once it is there. */
  WebElement find(String selector) {
    List<WebElement> there = all(selector);
    if (there.isEmpty()) {
      Awaitility.await(selector).until(() -> !all(selector).isEmpty());
      return driver.findElement(By.cssSelector(selector));
    }
    return there.getFirst();
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The visible text of the page. */
  String text() {
    return find("body").getText();
  }

  Object run(String script) {
    Object result = driver.executeScript(script);
    return result == null ? "" : result;
  }

  /**
   * What the browser complained about since the last call: errors, refused scripts and styles. What
   * it says of the canvas of axe-core and of changed networks is left out.
   */
  List<String> complaints() {
    hear();
    List<String> complaints =
        heard.stream()
            .filter(line -> !line.contains("Canvas2D") && !line.contains(NETWORK_CHANGED))
            .toList();
    heard.clear();
    return complaints;
  }

  /** The texts that are too faint to read, with their contrast. */
  List<?> faintTexts() throws IOException {
    try (InputStream script = resource("/dev/pipewright/ui/webtest/contrast.js")) {
      return (List<?>) run(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /**
   * What axe-core, a checker for WCAG, finds to be a serious or critical barrier on the page as it
   * stands: its rule and the elements.
   */
  List<?> barriers() throws IOException {
    if (!Boolean.TRUE.equals(run("return window.axe !== undefined"))) {
      run(axe());
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(
              ({ violations }) => done(violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)))),
              (e) => done(['axe-core failed: ' + e]));
            """);
    return (List<?>) Objects.requireNonNull(found);
  }

  private static String axe() throws IOException {
    Properties known = new Properties();
    try (InputStream pom = resource("/META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
      known.load(pom);
    }
    String folder = "/META-INF/resources/webjars/axe-core/" + known.getProperty("version");
    try (InputStream script = resource(folder + "/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(Browser.class.getResourceAsStream(name), name);
  }

  /** True if nothing is wider than the screen. */
  boolean fitsInWidth() {
    return Boolean.TRUE.equals(run("return document.documentElement.scrollWidth <= innerWidth"));
  }

  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
