package dev.pipewright.engine.log;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The forms in which the value of a secret may show up in output: as it is, line by line, escaped
 * for JSON and for a shell, URL-encoded as the usual libraries do it, and in base64, also where it
 * stands in the middle of something longer and where the tool has wrapped its lines. Confined to
 * one call.
 */
final class SecretForms {
  /** Anything shorter is too likely to be a part of ordinary words. */
  static final int SHORTEST = 4;

  /** Values that are longer get no forms but lines and plain base64: nobody puts them in a URL. */
  private static final int LONG = 16 * 1024;

  private static final int PIECE = 64;
  private static final int[] WRAPS = {64, 76};
  private static final byte[] UNRESERVED = "-._~".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BROWSER = "-._~!'()*".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FORM = "-._*".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PATH = "-._~/".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, byte[]> found = new LinkedHashMap<>();

  private SecretForms() {}

  /** True if a value of this kind can be masked. */
  static boolean maskable(String value) {
    return value.strip().length() >= SHORTEST;
  }

  /** Every form of a value, each once; empty if it is too short. */
  static Collection<byte[]> of(String value) {
    SecretForms forms = new SecretForms();
    String text = value.strip();
    if (maskable(text)) {
      forms.lines(text);
      forms.encoded(text);
    }
    return forms.found.values();
  }

  private void lines(String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    lines.forEach(this::add);
    if (lines.stream().anyMatch(line -> line.length() < SHORTEST)) {
      // Such a line is hidden only together with the others.
      add(text);
    }
  }

  private void encoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (text.length() > LONG) {
      base64(bytes, 0);
      return;
    }
    for (int before = 0; before < 3; before++) {
      base64(bytes, before);
    }
    add(text.replace("'", "'\\''"));
    add(json(text));
    for (boolean upper : new boolean[] {true, false}) {
      add(url(bytes, UNRESERVED, upper, false));
      add(url(bytes, BROWSER, upper, false));
      add(url(bytes, FORM, upper, true));
      add(url(bytes, PATH, upper, false));
    }
  }

  private void add(String form) {
    if (form.length() >= SHORTEST) {
      found.putIfAbsent(form, form.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The base64 characters that depend on the value alone when {@code before} bytes precede it. */
  private void base64(byte[] value, int before) {
    byte[] shifted = new byte[before + value.length];
    System.arraycopy(value, 0, shifted, before, value.length);
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      String all = encoder.encodeToString(shifted);
      String stable = all.substring((8 * before + 5) / 6, 8 * shifted.length / 6);
      pieces(stable);
      if (before == 0) {
        if (all.length() <= PIECE) {
          add(all);
        }
        wrapped(all);
      }
    }
  }

  /** Cuts a long text into pieces that cover it, so that any part of it is found as well. */
  private void pieces(String text) {
    if (text.length() <= PIECE) {
      add(text);
      return;
    }
    for (int start = 0; start < text.length(); start += PIECE) {
      int from = Math.min(start, text.length() - PIECE);
      add(text.substring(from, from + PIECE));
    }
  }

  private void wrapped(String text) {
    for (int width : WRAPS) {
      for (int start = 0; text.length() > width && start < text.length(); start += width) {
        add(text.substring(start, Math.min(text.length(), start + width)));
      }
    }
  }

  private static String json(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String url(byte[] value, byte[] kept, boolean upper, boolean plus) {
    StringBuilder text = new StringBuilder();
    for (byte each : value) {
      int c = each & 0xff;
      if (isLetterOrDigit(c) || contains(kept, each)) {
        text.append((char) c);
      } else if (plus && c == ' ') {
        text.append('+');
      } else {
        text.append('%').append(digit(c >> 4, upper)).append(digit(c & 15, upper));
      }
    }
    return text.toString();
  }

  private static char digit(int value, boolean upper) {
    char digit = Character.forDigit(value, 16);
    return upper ? Character.toUpperCase(digit) : digit;
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean contains(byte[] all, byte wanted) {
    for (byte each : all) {
      if (each == wanted) {
        return true;
      }
    }
    return false;
  }
}
