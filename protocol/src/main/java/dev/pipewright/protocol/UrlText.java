package dev.pipewright.protocol;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Any text as a part of a URL. */
public final class UrlText {
  private UrlText() {}

  /**
   * The text with all that could end or divide it percent-encoded: as one segment of a path, one
   * value of a query, or the extended value of a header.
   */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
