package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.ui.http.Samples.Ending;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The console in a real browser. */
class ConsoleIT extends InConsole {
  private static final String RUN_42 = "/runs/shop%2342";

  @Test
  void whoIsOnABrokenPipelineIsSaidAndTakenAndLetGo() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("bank", Outcome.FAILED, null));
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/", ".row");
    assertThat(browser.all(".on-it")).hasSize(1);
    browser.find(".on-it button").click();
    await().until(() -> browser.find(".on-it").getText().contains("ann is on it"));
    assertThat(browser.path()).isEqualTo("/");
    open("/pipelines/bank", ".on-it");
    assertThat(browser.find(".on-it").getText()).contains("ann is on it", "Let go");
    browser.find(".on-it button").click();
    await().until(() -> browser.find(".on-it").getText().equals("I am on it"));
    assertThat(server.writes.getLast()).isEqualTo("/api/v1/pipelines/bank/mending {\"on\":false}");
    server.put(samples.run("bank", 7, Ending.of(Outcome.FAILED, "it broke"), Duration.ZERO, 9));
    open("/runs/bank%237", ".on-it");
    browser.find(".on-it button").click();
    await().until(() -> browser.find(".facts .on-it").getText().contains("ann is on it"));
    server.put(samples.pipeline("bank", Outcome.SUCCEEDED, null));
    await().until(() -> browser.all(".on-it").isEmpty());
  }

  @Test
  void theOverviewShowsBrokenPipelinesFirst() {
    server.put(samples.pipeline("apple", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("mango", null, null));
    server.put(samples.pipeline("zebra", Outcome.TIMED_OUT, Ending.running()));
    open("/", ".row");
    assertThat(browser.all(".row .name").stream().map(e -> e.getText()))
        .containsExactly("zebra", "apple", "mango");
    assertThat(browser.find(".row").getText()).contains("timed out", "running", "by ", "of about");
    assertThat(browser.all(".row").getLast().getText()).contains("no result yet");
  }

  @Test
  void aRunThatWaitsIsLinkedBesideTheOneThatRuns() {
    PipelineView running = samples.pipeline("apple", Outcome.SUCCEEDED, Ending.running());
    server.put(Samples.waiting(running, 2));
    server.put(samples.pipeline("zebra", Outcome.SUCCEEDED, Ending.running()));
    open("/?state=waiting", ".row");
    assertThat(browser.all(".row .name").stream().map(e -> e.getText())).containsExactly("apple");
    assertThat(browser.find(".row-time").getText()).contains("running", "of about", "2 waiting");
    assertThat(browser.find(".summary").getText()).contains("1 waiting", "2 active");
    browser.find(".row .waits-beside").click();
    await().until(() -> browser.path().equals("/pipelines/apple?state=waiting"));
    await().until(() -> browser.find(".page-head").getText().contains("2 waiting"));
  }

  @Test
  void theFilterLivesInTheAddress() {
    server.put(samples.pipeline("apple", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("zebra", Outcome.FAILED, null));
    open("/", ".row");
    browser.find(".filter").sendKeys("app");
    await().until(() -> browser.all(".row").size() == 1);
    assertThat(browser.path()).isEqualTo("/?q=app");
    open("/?q=failed%20zeb", ".row");
    assertThat(browser.all(".row .name").stream().map(e -> e.getText())).containsExactly("zebra");
    open("/", ".row");
    browser.choose("State", "broken");
    await().until(() -> browser.all(".row").size() == 1);
    browser.choose("State", "green");
    await().until(() -> browser.find(".row .name").getText().equals("apple"));
    assertThat(browser.path()).isEqualTo("/?state=green");
    browser.back();
    await().until(() -> browser.find(".row .name").getText().equals("zebra"));
    assertThat(browser.find("select[aria-label=State]").getDomProperty("value"))
        .isEqualTo("broken");
    browser.find(".summary .s-succeeded").click();
    await().until(() -> browser.find(".row .name").getText().equals("apple"));
  }

  @Test
  void whoIsKnownCanAskForWhatIsTheirs() {
    server.put(samples.pipeline("apple", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("zebra", Outcome.SUCCEEDED, null));
    open("/", ".row");
    assertThat(browser.text()).doesNotContain("Only mine");
    browser.signIn(CannedServer.TOKEN);
    open("/", ".filters button");
    browser.find(".filters button").click();
    await().until(() -> browser.path().equals("/?by=Ada+Lovelace"));
    assertThat(browser.all(".row").size()).isLessThan(2);
  }

  @Test
  void anEmptyServerTeachesTheNextStep() throws Exception {
    open("/", ".empty");
    assertThat(browser.text()).contains("pipewright init", "pipewright sources add NAME --git URL");
    browser.screenshot("overview-empty");
    open("/sources", ".empty");
    open("/deliveries", ".empty");
    assertThat(browser.text()).contains("/hooks/NAME");
  }

  @Test
  void aRunShowsItsPlanBeforeStepsBeginAndGrowsLive() {
    RunSnapshot running = Showcase.running(now);
    server.put(running);
    server.appendLog(running.id(), "verify/integration", "first line\n");
    open(RUN_42, ".log-line");
    assertThat(browser.find(".tree").getText()).contains("package", "in parallel", "roll back");
    assertThat(browser.find(".log-view").getText()).contains("first line");
    for (int i = 2; i <= 60; i++) {
      server.appendLog(running.id(), "verify/integration", "line " + i + "\n");
    }
    await().until(() -> browser.find(".log-view").getText().contains("line 60"));
    assertThat(browser.find(".log-status").getText()).contains("60 lines");
    server.put(
        Samples.withSteps(
            samples.run("shop", 42, Ending.of(Outcome.ERRORED, "host lost"), Duration.ZERO, 9),
            List.of()));
    await().until(() -> browser.find(".verdict").getText().contains("host lost"));
  }

  @Test
  void aClickOnAStepOpensItsLogAndTheAddressHoldsIt() {
    Showcase.failed(server, samples);
    open("/runs/shop%2341", ".log-line");
    assertThat(browser.find(".log-head").getText()).contains("verify/lint", "what broke");
    browser.all("a.step").stream()
        .filter(step -> step.getText().contains("unit tests"))
        .findFirst()
        .orElseThrow()
        .click();
    await().until(() -> browser.find(".log-head").getText().contains("verify/unit tests"));
    assertThat(browser.path()).isEqualTo("/runs/shop%2341/verify/unit%20tests");
    assertThat(browser.find(".log-note").getText()).contains("left no output");
    open("/runs/shop%2341/verify/lint#L11", ".marked");
    assertThat(browser.find(".marked").getText()).contains("2 problems");
    assertThat(browser.find(".log-view").getText())
        .contains("checking 100%")
        .doesNotContain("checking 55%", "[31m");
  }

  @Test
  void hostileTextRunsNoScript() {
    String evil = "<img src=x onerror=\"document.title='pwned'\"><script>alert(1)</script>";
    RunSnapshot run =
        samples.run(
            "<b>shop<b>",
            42,
            Ending.of(Outcome.FAILED, evil),
            Duration.ofMinutes(5),
            9,
            Samples.cause(evil, evil));
    RunSnapshot whole =
        Samples.withSteps(
            run,
            List.of(
                Samples.stepOf(
                    run, "javascript:alert(1)", Ending.of(Outcome.FAILED, evil), 0L, 9L)));
    server.put(whole);
    server.appendLog(
        run.id(),
        "javascript:alert(1)",
        evil + "\n\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007\n");
    open("/runs/%3Cb%3Eshop%3Cb%3E%2342", ".log-line");
    await().until(() -> browser.find(".log-view").getText().contains("click"));
    assertThat(browser.text()).contains("<img src=x onerror");
    assertThat(browser.all("main img, main script, main b")).isEmpty();
    open("/runs", ".line");
    assertThat(browser.all("main img, main script, main b")).isEmpty();
    assertThat(browser.run("return document.title").toString()).doesNotContain("pwned");
  }

  @Test
  void cancelAsksWhoItIsOnceAndSaysWhatIsWrong() throws Exception {
    server.put(Showcase.running(now));
    open(RUN_42, ".who button");
    browser.find(".run-acts .danger").click();
    browser.enterToken("wrong");
    await().until(() -> browser.find("dialog").getText().contains("This token is not known."));
    browser.screenshot("sign-in");
    browser.find("dialog [name=token]").clear();
    browser.enterToken(CannedServer.TOKEN);
    await().until(() -> !browser.all("dialog [name=reason]").isEmpty());
    browser.screenshot("cancel");
    browser.find("dialog [name=reason]").sendKeys("wrong branch", Keys.ENTER);
    await().until(() -> browser.all("dialog").isEmpty());
    assertThat(server.writes)
        .containsExactly("/api/v1/runs/shop%2342/cancel {\"reason\":\"wrong branch\"}");
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    open("/pipelines/shop", ".who summary");
    browser.find(".page-head .primary").click();
    assertThat(browser.all("dialog [name=token]")).isEmpty();
    browser.find("dialog .primary").click();
    await().until(() -> browser.text().contains("Accepted as shop.manual-1"));
  }

  @Test
  void aStartThatCameToNothingIsSaidWithTheReason() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/pipelines/shop", ".page-head .primary");
    browser.find(".page-head .primary").click();
    browser.find("dialog .primary").click();
    await().until(() -> browser.text().contains("Accepted as shop.manual-1"));
    server.deliveries.add(
        new DeliveryView(
            "shop.manual-1",
            new SourceName("shop"),
            "manual",
            Verdict.BUILD,
            "by hand",
            List.of(),
            List.of(),
            now,
            DeliveryState.DONE,
            "There is no branch 'nope'.",
            1,
            null));
    await().until(() -> browser.text().contains("There is no branch 'nope'."));
    assertThat(browser.text()).contains("No run was started.").doesNotContain("Accepted as");
    open("/deliveries", ".line");
    assertThat(browser.find(".line").getText()).contains("no run", "There is no branch 'nope'.");
  }

  @Test
  void pipelineCodeIsListedLastAndCannotBeStartedByHand() {
    server.put(samples.pipeline("apple :: pipeline code", Outcome.SUCCEEDED, null));
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    open("/", ".row");
    assertThat(browser.all(".row .name").stream().map(e -> e.getText()))
        .containsExactly("shop", "apple :: pipeline code");
    open("/pipelines/apple%20%3A%3A%20pipeline%20code", ".page-head");
    assertThat(browser.all(".page-head .primary")).isEmpty();
  }

  @Test
  void silenceOfTheServerIsSaidWithTheTimeOfTheLastSign() throws Exception {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    open("/", ".row");
    server.beats(false);
    await().until(() -> browser.text().contains("Offline since"));
    browser.screenshot("offline");
    assertThat(browser.all(".row")).hasSize(1);
    assertThat(browser.barriers()).isEmpty();
    // As long as nothing beats, the button stays for whoever wants to press it.
    browser.find(".offline button").click();
    server.beats(true);
    await().until(() -> !browser.text().contains("Offline since"));
  }

  @Test
  void whoMissedSomethingReadsThePageAnew() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    open("/", ".row");
    await().until(() -> !browser.all("[data-state=live]").isEmpty());
    server.putInSilence(samples.pipeline("bank", Outcome.SUCCEEDED, null));
    assertThat(browser.all(".row")).hasSize(1);
    server.reset();
    await().until(() -> browser.all(".row").size() == 2);
  }
}
