package dev.pipewright.e2e;

import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.Routes;
import dev.pipewright.testing.CannedProvider;
import dev.pipewright.testing.NeedsChromium;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * People sign in through a provider in a real browser. The server is at {@code localhost}, the
 * provider at {@code 127.0.0.1}: these are two sites, so that cookies and policies of pages matter.
 */
@NeedsChromium
class ProviderSignInIT {
  private static final String WHO = ".who summary";
  private static final String ADD = "main .primary";

  private CannedProvider provider;
  private ServerProcess server;
  private Chromium browser;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    provider = new CannedProvider(0);
    provider.people.put("ada", List.of("everybody", "developers"));
    provider.people.put("root", List.of("ci-admins"));
    provider.people.put("eve", List.of("visitors"));
    int port = ServerProcess.freePort();
    server =
        ServerProcess.start(
            folder.resolve("data"),
            port,
            "process",
            Map.of(
                "PIPEWRIGHT_PUBLIC_URL",
                "http://localhost:" + port,
                "PIPEWRIGHT_OIDC_ISSUER",
                provider.issuer,
                "PIPEWRIGHT_OIDC_CLIENT_ID",
                CannedProvider.CLIENT,
                "PIPEWRIGHT_OIDC_CLIENT_SECRET",
                CannedProvider.SECRET,
                "PIPEWRIGHT_OIDC_ADMINS",
                "ci-admins",
                "PIPEWRIGHT_OIDC_OPERATORS",
                "developers",
                "PIPEWRIGHT_OIDC_VIEWERS",
                "everybody"));
    browser = new Chromium(Files.createDirectory(folder.resolve("browser")));
  }

  @AfterEach
  void stop() {
    browser.close();
    server.close();
    provider.close();
  }

  private URI at(String path) {
    return server.uri().resolve(path);
  }

  /** A person goes to the page of the provider, by the button of the console. */
  private void leave() {
    browser.go(at("/sources"));
    browser.press(".who button");
    browser.await(".sign-in a.button", "Sign in with 127.0.0.1:" + provider.port());
    browser.press(".sign-in a.button");
    browser.await("h1", "Who are you?");
    assertThat(browser.address()).startsWith(provider.issuer + "/authorize?");
  }

  private void answer(String name, String answer) {
    browser.enter("[name=name]", name);
    browser.press("[value=" + answer + "]");
  }

  /** A person is at a page that says why they are not signed in. */
  private void thenIsTold(String title, String words, String picture) throws Exception {
    browser.await("h1", title);
    browser.await("main", words);
    browser.screenshot(picture);
    assertThat(browser.address()).startsWith(server.uri().toString());
  }

  @Test
  void peopleComeInThroughTheProviderAndWhoDoesNotIsToldWhy() throws Exception {
    whoeverIsInAGroupComesInWithItsRoleAndGoesAgain();
    whoIsNotLetInIsToldWhyAndWhatToDo();
    whileTheProviderIsAwayThatIsSaidAndSessionsGoOn();
  }

  private void whoeverIsInAGroupComesInWithItsRoleAndGoesAgain() throws Exception {
    leave();
    answer("nobody", "yes");
    browser.await("#wrong", "Nobody of this name is known.");
    answer("ada", "yes");
    browser.await(WHO, "oidc:ada");
    assertThat(browser.address()).isEqualTo(at("/sources").toString());
    browser.await(ADD, "Add a source");
    browser.awaitText(
        "document.querySelector('" + ADD + ":disabled')?.title",
        "It takes the role admin. You are oidc:ada, operator.");
    browser.press(WHO);
    browser.await(".who .menu-items", "operator");
    browser.screenshot("provider-signed-in");
    browser.press(".who .menu-items button");
    browser.await(".who", "Sign in");
    browser.await(ADD + ":enabled", "Add a source");

    leave();
    answer("root", "yes");
    browser.await(WHO, "oidc:root");
    browser.press(WHO);
    browser.await(".who .menu-items", "admin");
    browser.press(".who .menu-items button");
    browser.await(".who", "Sign in");
    assertThat(new String(server.http().get(Routes.AUDIT).body(), StandardCharsets.UTF_8))
        .contains("oidc:ada", "oidc:root", "/session?subject=subject-of-ada");
  }

  private void whoIsNotLetInIsToldWhyAndWhatToDo() throws Exception {
    leave();
    answer("ada", "no");
    thenIsTold("You are not signed in", "access_denied", "provider-refused");
    browser.press("main .primary");
    answer("eve", "yes");
    thenIsTold("You may not come in", "none of your groups", "provider-no-role");
    browser.await("main .primary", "Sign in as somebody else");
    browser.press("main .primary");
    answer("ada", "yes");
    browser.await(WHO, "oidc:ada");
    assertThat(browser.address()).isEqualTo(at("/sources").toString());
    assertThat(provider.visits.getLast()).containsEntry("prompt", "login");
  }

  private void whileTheProviderIsAwayThatIsSaidAndSessionsGoOn() throws Exception {
    provider.close();
    URI begin = at("/login/oidc?return=%2Fsources");
    try (HttpClient http = HttpClient.newHttpClient()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  http.send(HttpRequest.newBuilder(begin).build(), discarding()).statusCode()
                      == 503);
    }
    browser.go(begin);
    thenIsTold("The sign-in service is not there", "cannot be reached", "provider-away");
    browser.await("main", "Everything else here goes on.");
    browser.go(at("/sources"));
    browser.await(WHO, "oidc:ada");
  }
}
