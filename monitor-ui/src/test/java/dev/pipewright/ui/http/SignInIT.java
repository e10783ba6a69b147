package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** How people sign in, are known, and go away again. */
class SignInIT extends InConsole {
  private static final String RUN_42 = "/runs/shop%2342";

  @BeforeEach
  void start() {
    server.put(samples.pipeline("shop", Outcome.SUCCEEDED, null));
    server.put(Showcase.running(now));
  }

  @Test
  void whereReadsAreClosedAPageAsksFirstAndItsAddressIsKept() throws Exception {
    server.sessions.closedReads = true;
    server.sessions.provider = "login.example.org";
    browser.open(RUN_42 + "/verify/lint?attempt=1");
    await().until(() -> !browser.all(".sign-in a.button").isEmpty());
    assertThat(browser.find(".sign-in a.button").getText())
        .isEqualTo("Sign in with login.example.org");
    assertThat(browser.find(".sign-in a.button").getDomAttribute("href"))
        .isEqualTo("/login/oidc?return=%2Fruns%2Fshop%252342%2Fverify%2Flint%3Fattempt%3D1");
    assertThat(browser.barriers()).isEmpty();
    browser.enterToken(CannedServer.TOKEN);
    await().until(() -> browser.all("dialog").isEmpty() && !browser.all("main h1").isEmpty());
    assertThat(browser.path()).isEqualTo(RUN_42 + "/verify/lint?attempt=1");
    await().until(() -> browser.find(".connection").getText().equals("live"));
    browser.find(".who summary").click();
    assertThat(browser.find(".who .menu-items").getText()).contains("Ada Lovelace", "admin");
    browser.screenshot("who");
    browser.find(".who .menu-items button").click();
    await().until(() -> !browser.all(".sign-in").isEmpty());
  }

  @Test
  void whoLeavesTheDialogIsNotAskedAgainUntilItMatters() {
    server.sessions.closedReads = true;
    browser.open("/");
    await().until(() -> !browser.all(".sign-in").isEmpty());
    browser.all(".sign-in button").getFirst().click();
    await().until(() -> !browser.all(".problem button").isEmpty());
    assertThat(browser.all("dialog")).isEmpty();
    browser.find(".problem button").click();
    browser.enterToken(CannedServer.TOKEN);
    await().until(() -> !browser.all(".row").isEmpty());
  }

  @Test
  void anActionGoesOnAfterASessionThatEndedElsewhere() {
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    browser.open(RUN_42);
    await().until(() -> !browser.all(".who summary").isEmpty());
    server.sessions.end();
    browser.find(".run-acts .danger").click();
    browser.find("dialog [name=reason]").sendKeys("typed before");
    browser.find("dialog .danger").click();
    browser.enterToken(CannedServer.TOKEN);
    await().until(() -> browser.all("dialog").isEmpty());
    assertThat(server.writes)
        .containsExactly("/api/v1/runs/shop%2342/cancel {\"reason\":\"typed before\"}");
  }

  @Test
  void whatTheRoleMayNotDoSaysWhichRoleItTakes() {
    browser.open("/");
    browser.signIn(CannedServer.READER);
    browser.open(RUN_42);
    await().until(() -> !browser.all(".who summary").isEmpty());
    WebElement cancel = browser.find(".run-acts .danger");
    assertThat(cancel.isEnabled()).isFalse();
    assertThat(cancel.getDomAttribute("title"))
        .isEqualTo("It takes the role operator. You are oidc:ron, viewer.");
    browser.open("/");
    await().until(() -> browser.text().contains("Only mine"));
    browser.find(".filters button").click();
    await().until(() -> browser.path().equals("/?by=ron"));
  }

  @Test
  void aTokenOfAnEarlierPageIsGivenUpAndWhoGuessesIsToldToWait() {
    browser.open("/");
    browser.run("sessionStorage.setItem('pipewright-token', '" + CannedServer.TOKEN + "')");
    browser.open("/secrets");
    await().until(() -> !browser.all(".who summary").isEmpty());
    assertThat(browser.run("return sessionStorage.length")).isEqualTo(0L);
    server.sessions.end();
    server.sessions.wait = 77;
    browser.open("/secrets");
    browser.enterToken("guess");
    await().until(() -> browser.find(".sign-in").getText().contains("Try again in 77 seconds."));
  }
}
