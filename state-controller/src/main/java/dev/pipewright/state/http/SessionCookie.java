package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Routes;
import java.time.Duration;
import java.util.Map;

/**
 * The cookies of browsers as headers of an answer. Scripts cannot read them.
 *
 * @param secure whether they are for encrypted connections alone
 */
record SessionCookie(boolean secure) {
  /** What a browser is known by while it is at the provider. */
  static final String SIGN_IN = "pipewright_signin";

  private static final Duration SIGN_IN_AGE = Duration.ofMinutes(10);

  /** Gives the browser a session that lasts no longer than this. */
  Map<String, String> begin(String secret, Duration longest) {
    return header(Routes.SESSION_COOKIE, secret, "/", longest);
  }

  /** Takes its session away. */
  Map<String, String> end() {
    return header(Routes.SESSION_COOKIE, "", "/", Duration.ZERO);
  }

  /** Makes the browser known until it is back from the provider. */
  Map<String, String> signIn(String secret) {
    return header(SIGN_IN, secret, "/login/", SIGN_IN_AGE);
  }

  private Map<String, String> header(String name, String value, String path, Duration age) {
    return Map.of(
        "Set-Cookie",
        "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(name, value, path, age.toSeconds(), secure ? "; Secure" : ""));
  }
}
