package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.SecretView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** What administrators see and do in the console. */
class SettingsIT extends InConsole {
  @Test
  void aSecretIsSetReplacedAndRemovedAndNeverShown() {
    browser.open("/secrets");
    browser.enterToken(CannedServer.TOKEN);
    await().until(() -> browser.text().contains("No secrets yet"));
    browser.find(".page-head .primary").click();
    enter("name", "DEPLOY_KEY");
    enter("value", "-----BEGIN\nsesame\n-----END\n");
    browser.find("dialog .primary").click();
    await().until(() -> browser.all(".line").size() == 1);
    assertThat(server.writes.getFirst()).contains("BEGIN\\nsesame\\n", "\"source\":null");
    assertThat(browser.find(".line").getText())
        .contains("DEPLOY_KEY", "for every source", "by Ada Lovelace", "never used");
    assertThat((String) browser.run("return document.documentElement.innerHTML"))
        .doesNotContain("sesame");
    browser.find(".line .danger").click();
    browser.find("dialog .danger").click();
    await().until(() -> browser.text().contains("No secrets yet"));
  }

  @Test
  void addingASourceSaysWhatItsForgeMustBeTold() {
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/sources", ".empty");
    browser.find(".page-head .primary").click();
    enter("name", "shop");
    enter("url", "https://git.example/shop.git");
    new Select(browser.find("dialog [name=forge]")).selectByValue("gitlab");
    String secret = browser.find("dialog [name=secret]").getDomProperty("value");
    browser.find("dialog .primary").click();
    await().until(() -> browser.text().contains("shop is added."));
    assertThat(browser.find(".note").getText())
        .contains("merge request events", "/hooks/shop", String.valueOf(secret));
    assertThat(server.sources.getFirst().forge()).isEqualTo("gitlab");
    open("/sources", ".howto");
    browser.find(".howto summary").click();
    assertThat(browser.text()).contains("/hooks/shop").doesNotContain(String.valueOf(secret));
  }

  @Test
  void theTokenForCommitStatusesIsSetReplacedAndRemovedAndNeverShown() {
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/sources", ".empty");
    browser.find(".page-head .primary").click();
    assertThat(browser.all("dialog [name=statusToken]")).isEmpty();
    enter("name", "shop");
    enter("url", "https://git.example/team/shop.git");
    new Select(browser.find("dialog [name=forge]")).selectByValue("gitlab");
    assertThat(browser.find("dialog").getText()).contains("A project access token with api");
    assertThat(browser.find("dialog [name=name]").getDomProperty("value")).isEqualTo("shop");
    enter("statusToken", "glpat sesame");
    browser.find("dialog .primary").click();
    await().until(() -> browser.find("dialog").getText().contains("shop is added, but sends no"));
    browser.find("dialog [name=statusToken]").clear();
    enter("statusToken", "glpat-sesame");
    browser.find("dialog .primary").click();
    await().until(() -> browser.all("dialog").isEmpty());
    open("/sources", ".statuses");
    browser.find(".statuses summary").click();
    await().until(() -> browser.find(".statuses").getText().contains("A token is set"));
    assertThat(browser.find(".statuses").getText()).contains("https://git.example/api/v4");
    assertThat((String) browser.run("return document.documentElement.innerHTML"))
        .doesNotContain("sesame");
    browser.find(".statuses .danger").click();
    browser.find("dialog .danger").click();
    await().until(() -> browser.find(".statuses").getText().contains("No token is set"));
    assertThat(server.settings.statuses).isEmpty();
  }

  @Test
  void whatWasNotTakenSaysWhyAndCanBeTriedAgain() {
    PreviewMain.fill(server, now, 2);
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/messages", ".line");
    assertThat(browser.find(".lines").getText())
        .contains("not sent", "The forge answered 401: bad credentials.", "tried 3 times");
    assertThat(browser.all(".line button")).hasSize(2);
    browser.all(".line button").getLast().click();
    browser.find("dialog .primary").click();
    await().until(() -> !browser.find(".lines").getText().contains("not sent"));
    open("/deliveries", ".line button");
    browser.find(".line button").click();
    browser.find("dialog .primary").click();
    await().until(() -> browser.all("dialog").isEmpty());
    assertThat(server.deliveries).anyMatch(delivery -> delivery.state() == DeliveryState.RECEIVED);
  }

  @Test
  void aTokenIsToldOnceAndCanBeTakenAway() {
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    open("/tokens", ".empty");
    browser.find(".page-head .primary").click();
    enter("name", "grace");
    new Select(browser.find("dialog [name=role]")).selectByValue("OPERATOR");
    browser.find("dialog .primary").click();
    await().until(() -> browser.text().contains("pw_usr_sesame"));
    assertThat(browser.find(".line").getText()).contains("grace", "operator", "never used", "ends");
    browser.find(".note button").click();
    await().until(() -> !browser.text().contains("pw_usr_sesame"));
    browser.find(".line .danger").click();
    browser.find("dialog .danger").click();
    await().until(() -> browser.text().contains("No tokens yet"));
    assertThat(server.writes.getLast()).isEqualTo("DELETE grace");
    server.settings.audit("grace", "set a secret", "/secrets", 403);
    open("/audit", ".line");
    assertThat(browser.find(".line").getText()).contains("refused", "grace", "set a secret");
  }

  @Test
  void hostileNamesRunNoScript() {
    String evil = "<img src=x onerror=\"document.title='pwned'\"><script>alert(1)</script>";
    RunId run = RunId.parse("<b>shop<b>#7");
    SourceName shop = new SourceName("shop");
    server.settings.secrets.put("x", new SecretView(evil, shop, evil, now, now, run));
    server.settings.outbox.add(
        new OutboxView(evil, run, evil, evil, evil, OutboxView.State.REFUSED, 1, now, null, evil));
    server.settings.audit(evil, evil, evil, 500);
    browser.open("/");
    browser.signIn(CannedServer.TOKEN);
    for (String page : List.of("/secrets", "/messages", "/audit")) {
      open(page, ".line");
      assertThat(browser.text()).contains("<img src=x onerror");
      assertThat(browser.all("main img, main script, main b")).isEmpty();
      assertThat(browser.run("return document.title").toString()).doesNotContain("pwned");
    }
  }

  @Test
  void theKeyboardMovesThroughTheConsole() {
    PreviewMain.fill(server, now, 4);
    open("/", ".row");
    press("?");
    assertThat(browser.find("dialog").getText()).contains("next pipeline, run or step");
    press(Keys.ESCAPE);
    await().until(() -> browser.all("dialog").isEmpty());
    press("jjk");
    assertThat(browser.run("return document.activeElement.className").toString())
        .contains("stretched");
    String first = browser.find(".row .name").getText();
    press(Keys.ENTER);
    await().until(() -> browser.path().equals("/pipelines/" + first));
    press("gr");
    await().until(() -> browser.path().equals("/runs"));
    press("gp");
    await().until(() -> browser.path().equals("/") && !browser.all(".filter").isEmpty());
    press("/");
    press("gr?");
    assertThat(browser.path()).isEqualTo("/?q=gr%3F");
  }

  private void press(CharSequence keys) {
    browser.focused().sendKeys(keys);
  }

  private void enter(String field, String text) {
    browser.find("dialog [name=" + field + "]").sendKeys(text);
  }
}
