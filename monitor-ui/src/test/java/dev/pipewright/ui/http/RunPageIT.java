package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.Wait;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What people do with runs that wait, that failed and that were tried again, in a real browser. */
class RunPageIT extends InConsole {
  private static final String ASKING = "/runs/release%2312";
  private static final String UNKNOWN = "/runs/release%2311";
  private static final String TWICE = "/runs/release%2310";

  private ReleaseStory story;

  @BeforeEach
  void start() {
    browser.screen(1280, 1000, "light");
    story = new ReleaseStory(server, now);
    story.tell();
  }

  @Test
  void aQuestionSaysWhatIsAskedOfWhomAndUntilWhen() {
    open(ASKING, ".card");
    assertThat(browser.find(".card").getText())
        .contains("Ship 1.4.0 to production?", "The change log is in the artifacts")
        .contains("step deploy", "waits for 12 min", "ends by itself in ")
        .contains("release-managers, Grace Hopper");
    assertThat(browser.find(".verdict").getText()).contains("waiting");
    await().until(() -> browser.find(".wait-lines").getText().contains("held by release#11"));
    assertThat(browser.find(".wait-lines").getText())
        .contains("package waits for lock production", "waits for shop#42");
    assertThat(browser.all(".wait-lines a").stream().map(e -> e.getDomProperty("href")))
        .anyMatch(href -> href != null && href.endsWith("/runs/shop%2342"));
  }

  @Test
  void whatIsMissingIsSaidAtItsFieldBeforeAnythingIsSent() {
    open(ASKING, ".card");
    browser.find(".card .primary").click();
    await().until(() -> browser.all(".is-wrong").size() == 3);
    assertThat(field("version").getText()).contains("A value is needed.");
    assertThat(field("migrate").getText()).contains("Choose one.");
    assertThat(field("region").getText()).doesNotContain("needed");
    assertThat(browser.run("return document.activeElement.name")).isEqualTo("value version");
    assertThat(browser.all("dialog")).isEmpty();
    assertThat(server.writes).isEmpty();
  }

  @Test
  void anApprovalCarriesItsTypedValuesAndTheRunGoesOn() {
    open(ASKING, ".card");
    fill("1.4.0");
    browser.find(".card textarea").sendKeys("Go, the tests are green.");
    browser.find(".card .primary").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> browser.all(".card").isEmpty());
    assertThat(browser.text()).contains("Your answer on deploy is recorded: approved.");
    assertThat(decision())
        .isEqualTo(
            new Decision(
                StepPath.of("deploy"),
                true,
                "Go, the tests are green.",
                Map.of(
                    "version", "1.4.0",
                    "region", "us-east",
                    "window", "tonight",
                    "announce", "false",
                    "migrate", "true",
                    "ticket", "none")));
    assertThat(browser.find(".verdict").getText()).contains("running");
  }

  @Test
  void theCommitOfAHeldRunIsApprovedWithoutAStep() {
    Wait question = new Wait(Wait.Kind.APPROVAL, "May 1f2e3d4c run?", List.of(), List.of(), null);
    OpenWait held = new OpenWait("commit", null, question, InstantSource.system().instant());
    server.put(Samples.standing(story.asking(), Phase.WAITING, null, 1, List.of(held)));
    open(ASKING, ".card");
    assertThat(browser.find(".card").getText()).contains("May 1f2e3d4c run?");
    browser.find(".card .primary").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> browser.all(".card").isEmpty());
    assertThat(browser.text()).contains("Your answer on the commit is recorded: approved.");
    assertThat(decision()).isEqualTo(new Decision(null, true, null, Map.of()));
  }

  @Test
  void whatTheServerRefusesIsSaidAtItsFieldAndNothingTypedIsLost() {
    open(ASKING, ".card");
    fill("tomorrow");
    browser.find(".card .primary").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> field("version").getText().contains("Is no version."));
    assertThat(browser.all(".answer > .wrong")).isEmpty();
    server.put(Samples.standing(story.asking(), Phase.WAITING, null, 1, story.asking().waits()));
    assertThat(field("version").findElement(By.tagName("input")).getDomProperty("value"))
        .isEqualTo("tomorrow");
    assertThat(server.writes).isEmpty();
  }

  @Test
  void theKeyEnterApprovesNothingAndARejectionNeedsNoValues() {
    open(ASKING, ".card");
    field("version").findElement(By.tagName("input")).sendKeys("1.4.0", Keys.ENTER);
    browser.find(".card textarea").sendKeys("not on a Friday");
    browser.find(".card .danger").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> browser.all(".card").isEmpty());
    assertThat(server.writes).hasSize(1);
    assertThat(decision())
        .isEqualTo(new Decision(StepPath.of("deploy"), false, "not on a Friday", Map.of()));
  }

  @Test
  void aQuestionThatSomebodyElseAnsweredIsSaidAndGoesAway() {
    open(ASKING, ".card");
    RunSnapshot asking = story.asking();
    server.runs.put(asking.id(), Samples.standing(asking, Phase.RUNNING, null, 1, List.of()));
    browser.find(".card .danger").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> browser.all(".card").isEmpty());
    assertThat(browser.find(".verdict").getText()).contains("running");
  }

  @Test
  void whoMayNotDecideIsToldSoAndCanTakeAnotherToken() {
    open(ASKING, ".card");
    browser.find(".card .danger").click();
    signIn(CannedServer.READER);
    await().until(() -> browser.find(".card").getText().contains("This token may not decide."));
    button(".card", "Sign in as somebody else").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> !browser.text().contains("This token may not decide."));
    browser.find(".card .danger").click();
    await().until(() -> browser.all(".card").isEmpty());
    assertThat(server.writes).hasSize(1);
  }

  @Test
  void anUnknownEndIsAnsweredWithOneOfThreeWords() throws Exception {
    open(UNKNOWN, ".card");
    assertThat(browser.find(".card").getText())
        .contains("Did 'deploy' happen?", "Its engine was lost before it could say so.")
        .contains("anybody who may write can answer");
    assertThat(browser.all(".card fieldset, .card select, .card .primary")).isEmpty();
    browser.screenshot("unknown-end");
    button(".ends", "Run it again").click();
    signIn(CannedServer.TOKEN);
    await().until(() -> browser.text().contains("recorded: run it again."));
    assertThat(decision())
        .isEqualTo(new Decision(StepPath.of("deploy"), true, null, Map.of("end", "again")));
  }

  @Test
  void aRerunFromAStepShowsTheRefusalAndBeginsElsewhere() throws Exception {
    server.answers.lost.add(new StepPath("verify/lint"));
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open(TWICE, ".tree .menu summary");
    openMenuOf("verify/lint");
    button(".menu[open]", "Rerun from here…").click();
    browser.find("dialog .primary").click();
    await().until(() -> browser.find("dialog").getText().contains("It cannot begin at"));
    assertThat(browser.find("dialog").getText()).contains("Rerun it from the start.");
    browser.screenshot("rerun-refused");
    button("dialog", "Leave it").click();
    button(".run-acts", "Rerun…").click();
    browser.find("dialog [name=reason]").sendKeys("the host is back", Keys.ENTER);
    await().until(() -> browser.text().contains("Attempt 3 begins."));
    assertThat(server.writes)
        .containsExactly(
            "/api/v1/runs/release%2310/rerun {\"from\":null,\"reason\":\"the host is back\"}");
    assertThat(browser.find("h1").getText()).isEqualTo("release #10.3");
    assertThat(browser.all(".attempt")).hasSize(4);
  }

  @Test
  void anEarlierAttemptHasItsOwnStepsAndItsOwnOutput() {
    open(TWICE + "/verify/lint", ".log-line");
    assertThat(browser.find(".log-view").getText()).contains("the lint of the second attempt");
    browser.all(".attempt").getFirst().click();
    await().until(() -> browser.find("h1").getText().equals("release #10.1"));
    assertThat(browser.find(".verdict").getText()).contains("errored", "host of the container");
    assertThat(browser.all(".run-acts .rerun, .run-acts .danger")).isEmpty();
    link(".tree", "lint").click();
    await().until(() -> browser.find(".log-view").getText().contains("of the first attempt"));
    assertThat(browser.path()).isEqualTo(TWICE + "/verify/lint?attempt=1");
    browser.open(TWICE + "?attempt=9");
    await().until(() -> browser.text().contains("There is no attempt 9 of this run."));
  }

  @Test
  void twoAttemptsAreComparedStepByStep() {
    open(TWICE + "?view=compare", ".compare tbody tr");
    List<String> rows = browser.all(".compare tbody tr").stream().map(e -> e.getText()).toList();
    assertThat(rows).hasSize(6);
    assertThat(rows.getFirst()).startsWith("checkout").doesNotContain("changed");
    assertThat(rows.get(3)).contains("lint", "succeeded", "failed", "17 s", "changed");
    assertThat(rows.getLast()).contains("package", "not there", "skipped", "new");
    assertThat(browser.find(".compare .tree-head").getText()).contains("5 steps of 6 differ");
  }

  @Test
  void testsShowWhatFailedFirstWithTraceAndHistory() {
    open(TWICE + "?view=tests", ".case");
    assertThat(browser.find(".tests .tree-head").getText())
        .contains("2 failed", "1 errored", "119 passed", "3 skipped");
    assertThat(browser.all(".case")).hasSize(3);
    assertThat(browser.find(".tests").getText())
        .contains("<img src=x onerror=alert(1)> is not refused", "2 more tests are counted")
        .doesNotContain("BasketTest.java:48", "in 3 of 4 cases");
    assertThat(browser.all("main img, main script")).isEmpty();
    browser.find(".case summary").sendKeys(Keys.ENTER);
    await().until(() -> browser.all(".dots li").size() == 10);
    assertThat(browser.find(".case-more").getText()).contains("BasketTest.java:48", "3 broken");
    assertThat(browser.find(".dots li:last-child a").getDomAttribute("aria-label"))
        .startsWith("release#10.2 failed, 0.3 s, ");
    browser.find(".small-filter").sendKeys("rounds[11");
    await().until(() -> browser.all(".case").size() == 10);
  }

  @Test
  void filesAreListedWithTheirSizesAndCanBeDownloaded() {
    open(TWICE + "?view=artifacts", ".files li");
    assertThat(browser.all(".files li").stream().map(e -> e.getText().replace('\n', ' ')))
        .first()
        .isEqualTo("target/shop-1.4.0.jar verify/unit tests 48.2 MB");
    WebElement file = browser.all(".files a").get(1);
    assertThat(file.getDomAttribute("href"))
        .isEqualTo("/api/v1/runs/release%2310/artifacts/target/site/change%20log.html");
    assertThat(file.getDomAttribute("download")).isNotNull();
  }

  @Test
  void locksShowWhoHoldsThemAndWhoWaitsAndCanBeTakenAway() throws Exception {
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/locks", ".locks .line");
    WebElement production = browser.find(".locks .line");
    assertThat(production.getText())
        .contains("production", "held by release#11", "release#12 for 9 min", "1 run waits");
    production.findElement(By.tagName("button")).click();
    assertThat(browser.find("dialog").getText()).contains("Take production from release#11?");
    browser.find("dialog [type=submit]").click();
    await().until(() -> browser.text().contains("held by release#12"));
    assertThat(server.writes).containsExactly("/api/v1/locks/production/release {}");
    server.answers.locks.clear();
    open("/locks", ".empty");
    assertThat(browser.text()).contains("No lock is held");
  }

  @Test
  void aWaitingPipelineHasItsOwnLookInLists() {
    server.put(
        new Samples(InstantSource.system().instant())
            .pipeline("shop", Outcome.SUCCEEDED, new Samples.Ending(Phase.WAITING, null, null)));
    open("/", ".row");
    assertThat(browser.find(".row").getText())
        .contains("waiting", "asks: Ship to production?")
        .doesNotContain("of about");
    assertThat(browser.all(".row .icon-waiting")).hasSize(2);
    assertThat(browser.find(".summary").getText()).contains("1 waiting").doesNotContain("active");
    open("/runs", ".line");
    assertThat(browser.text()).contains("release#10.2", "asks: Ship 1.4.0 to production?");
  }

  @Test
  void everyPartFitsAPhoneAndAWideScreenInBothThemes() throws Exception {
    List<String> pages =
        List.of(
            ASKING,
            UNKNOWN,
            TWICE,
            TWICE + "?view=tests",
            TWICE + "?view=artifacts",
            TWICE + "?view=compare",
            "/locks");
    for (String page : pages) {
      for (String theme : List.of("light", "dark")) {
        for (int width : new int[] {390, 1280}) {
          browser.screen(width, width == 390 ? 844 : 900, theme);
          open(page, ".card, .run-bar, .locks");
          await().until(() -> !browser.text().contains("Loading"));
          if (page.endsWith("tests")) {
            browser.find(".case summary").click();
            await().until(() -> !browser.all(".dots").isEmpty());
          }
          assertThat(browser.fitsInWidth()).as(page + " at " + width).isTrue();
          assertThat(browser.faintTexts()).as(page + " in " + theme).isEmpty();
          String name = page.substring(1).replaceAll("\\W+", "-");
          browser.screenshot(name + "-" + width + "-" + theme);
        }
      }
    }
  }

  private void fill(String version) {
    field("version").findElement(By.tagName("input")).sendKeys(version);
    browser.find("[value=us-east]").click();
    browser.find(".card select").sendKeys("tonight");
    field("announce").findElement(By.tagName("input")).click();
    browser.find("[name='value migrate'][value=true]").click();
  }

  private WebElement field(String name) {
    return browser.find(".field[data-key='" + name + "']");
  }

  private void signIn(String token) {
    browser.enterToken(token);
    await().until(() -> browser.all("dialog").isEmpty());
  }

  private Decision decision() {
    String write = server.writes.getFirst();
    assertThat(write).contains("/decisions ");
    return Json.read(write.substring(write.indexOf(' ') + 1), Decision.class);
  }

  private void openMenuOf(String path) {
    browser.find("summary[aria-label='More about " + path + "']").click();
  }

  private WebElement button(String within, String text) {
    return named(within + " button", text);
  }

  private WebElement link(String within, String text) {
    return named(within + " a", text);
  }

  private WebElement named(String selector, String text) {
    return browser.all(selector).stream()
        .filter(element -> element.getText().contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no '" + text + "' in " + selector));
  }
}
