package dev.pipewright.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The page on which a {@link CannedProvider} asks people who they are, without scripts. */
final class SignInForm {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
        <head><meta charset="utf-8"><title>Provider</title></head>
        <body>
          <h1>Who are you?</h1>
          <p id="wrong">%s</p>
          <form method="post">
            <label>Name <input name="name" autofocus></label>
            <button name="answer" value="yes">Sign in</button>
            <button name="answer" value="no">Refuse</button>
          </form>
        </body>
      </html>
      """;

  private SignInForm() {}

  /**
   * Answers with the page, which is sent back to the address it has.
   *
   * @param isAgain whether somebody unknown was entered before
   */
  static void show(HttpExchange exchange, boolean isAgain) throws IOException {
    byte[] page =
        PAGE.formatted(isAgain ? "Nobody of this name is known." : "")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.sendResponseHeaders(isAgain ? 403 : 200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }
}
