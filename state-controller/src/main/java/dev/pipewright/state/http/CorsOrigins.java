package dev.pipewright.state.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The pages of other sites that may read the feeds in a browser.
 *
 * @param origins as browsers name them; {@code *} alone for every page
 */
public record CorsOrigins(Set<String> origins) {
  /** No page of another site. */
  public static final CorsOrigins NONE = new CorsOrigins(Set.of());

  private static final String ANY = "*";
  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:\\d{1,5})?");

  public CorsOrigins {
    origins = Set.copyOf(origins);
  }

  /**
   * Reads a list with commas between them; nothing for none.
   *
   * @throws IllegalArgumentException naming what is no origin
   */
  public static CorsOrigins of(String list) {
    Set<String> found =
        Arrays.stream(list.split(",", -1))
            .map(String::strip)
            .filter(one -> !one.isEmpty())
            .map(one -> one.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    if (found.equals(Set.of(ANY))) {
      return new CorsOrigins(found);
    }
    for (String one : found) {
      if (!ORIGIN.matcher(one).matches()) {
        throw new IllegalArgumentException(
            "--cors-origins takes origins like https://wall.example or http://10.0.0.7:8080, without"
                + " a path and with commas between them, or * alone, not '"
                + one
                + "'.");
      }
    }
    return new CorsOrigins(found);
  }

  /** Whether answers differ by who asks. */
  boolean varies() {
    return !origins.isEmpty() && !origins.contains(ANY);
  }

  /**
   * Tells the browser whether the page that asks may see the answer; with a login if it is named.
   */
  void tell(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    String origin = request.getHeader("Origin");
    if (origins.contains(ANY)) {
      response.putHeader("Access-Control-Allow-Origin", ANY);
    } else if (origin != null && origins.contains(origin)) {
      response.putHeader("Access-Control-Allow-Origin", origin);
      response.putHeader("Access-Control-Allow-Credentials", "true");
    } else {
      return;
    }
    response.putHeader("Access-Control-Expose-Headers", "ETag");
  }
}
