package dev.pipewright.state.mask;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The forms in which a secret may turn up in output: as it is, line by line, in base64 wherever in
 * the encoded bytes it lies, encoded for a URL, and as it stands in JSON. Fragments of fewer than
 * four characters are too common to be masked. Pure.
 */
final class SecretForms {
  static final int SHORTEST = 4;
  private static final int[] WRAPPED = {76, 64};
  private static final String HEX = "0123456789ABCDEF";
  private static final String PLAIN_IN_URLS = "-._~";
  private static final String PLAIN_IN_COMPONENTS = "-._~!*'()";

  private final Set<String> forms = new LinkedHashSet<>();

  private SecretForms() {}

  /** Every form of {@code secret}, as text of which each character is one byte. */
  static Set<String> of(String secret) {
    SecretForms found = new SecretForms();
    found.written(secret);
    secret.lines().forEach(found::written);
    found.encoded(secret);
    found.encoded(secret.stripTrailing());
    return found.forms;
  }

  private void add(String form) {
    if (form.length() >= SHORTEST) {
      forms.add(latin(form.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Blanks around a text are no secret, and as the beginning of a form they would be common. */
  private void written(String text) {
    String bare = text.strip();
    add(bare);
    add(escaped(bare));
  }

  private void encoded(String text) {
    if (text.length() < SHORTEST) {
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      String stable = stable(bytes, before);
      add(stable);
      add(stable.replace('+', '-').replace('/', '_'));
    }
    String whole = Base64.getEncoder().encodeToString(bytes);
    for (int width : WRAPPED) {
      for (int at = 0; whole.length() > width && at < whole.length(); at += width) {
        add(whole.substring(at, Math.min(whole.length(), at + width)));
      }
    }
    String form = URLEncoder.encode(text, StandardCharsets.UTF_8);
    for (String url :
        Arrays.asList(form, percent(bytes, PLAIN_IN_URLS), percent(bytes, PLAIN_IN_COMPONENTS))) {
      add(url);
      add(url.replace("+", "%20"));
      add(url.replace("%20", "+"));
      add(lowerHex(url));
      add(lowerHex(url).replace("+", "%20"));
      add(lowerHex(url).replace("%20", "+"));
    }
  }

  /**
   * What base64 always makes of these bytes when {@code before} bytes stand in front of them:
   * without the characters that depend on their neighbours.
   */
  private static String stable(byte[] bytes, int before) {
    byte[] shifted = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int from = (before * 8 + 5) / 6;
    int until = shifted.length * 8 / 6;
    return from < until ? encoded.substring(from, until) : "";
  }

  private static String percent(byte[] bytes, String plain) {
    StringBuilder url = new StringBuilder(bytes.length * 2);
    for (byte one : bytes) {
      char symbol = (char) (one & 0xff);
      boolean letter =
          (symbol >= 'a' && symbol <= 'z')
              || (symbol >= 'A' && symbol <= 'Z')
              || (symbol >= '0' && symbol <= '9');
      if (letter || plain.indexOf(symbol) >= 0) {
        url.append(symbol);
      } else {
        url.append('%').append(HEX.charAt(symbol >> 4)).append(HEX.charAt(symbol & 15));
      }
    }
    return url.toString();
  }

  private static String lowerHex(String url) {
    StringBuilder lower = new StringBuilder(url);
    for (int at = url.indexOf('%'); at >= 0; at = url.indexOf('%', at + 1)) {
      int end = Math.min(url.length(), at + 3);
      lower.replace(at, end, url.substring(at, end).toLowerCase(Locale.ROOT));
    }
    return lower.toString();
  }

  private static String escaped(String text) {
    StringBuilder json = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char symbol = text.charAt(i);
      switch (symbol) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> json.append(symbol);
      }
    }
    return json.toString();
  }
}
