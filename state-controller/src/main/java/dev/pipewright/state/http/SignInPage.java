package dev.pipewright.state.http;

import dev.pipewright.state.feed.Xml;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people see who are not signed in, in words, without scripts. */
final class SignInPage {
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private SignInPage() {}

  /** The address of the page has secrets of the sign-in, so it is told to nobody. */
  private static Map<String, String> headers() {
    return Map.of("Referrer-Policy", "no-referrer", "Content-Security-Policy", POLICY);
  }

  /**
   * A way to go on.
   *
   * @param words what the button says
   */
  record Way(String address, String words) {}

  /**
   * A page with a title and what it means.
   *
   * @param again where the sign-in begins once more; null for no way
   */
  static Reply of(int status, String title, String words, @Nullable Way again) {
    String page =
        """
        <!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8">
            <title>%1$s – Pipewright</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="stylesheet" href="/assets/base.css">
            <link rel="stylesheet" href="/assets/console.css">
          </head>
          <body>
            <main>
              <div class="page-head"><h1>%1$s</h1></div>
              <p class="note">%2$s</p>
              <p>%3$s<a class="button" href="/">All pipelines</a></p>
            </main>
          </body>
        </html>
        """
            .formatted(
                Xml.escape(title),
                Xml.escape(words),
                again == null
                    ? ""
                    : "<a class=\"button primary\" href=\"%s\">%s</a> "
                        .formatted(Xml.escape(again.address()), Xml.escape(again.words())));
    return new Reply.Whole(
        status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8), headers());
  }

  /** Sends the browser on. */
  static Reply moved(String address, Map<String, String> further) {
    Map<String, String> headers = new HashMap<>(headers());
    headers.putAll(further);
    headers.put("Location", address);
    return new Reply.Whole(302, "", new byte[0], headers);
  }
}
