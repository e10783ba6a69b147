package dev.pipewright.spawner.hook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the field {@code payload} in a URL-encoded form, byte by byte. */
final class FormBody {
  private static final byte[] FIELD = "payload=".getBytes(StandardCharsets.US_ASCII);
  private static final int HEX = 16;

  private FormBody() {}

  /**
   * The decoded bytes of the field.
   *
   * @throws MalformedHookException if there is none, or it is not URL-encoded
   */
  static byte[] payload(byte[] form) {
    int start = 0;
    while (start <= form.length) {
      int end = end(form, start);
      int value = start + FIELD.length;
      if (value <= end && Arrays.equals(form, start, value, FIELD, 0, FIELD.length)) {
        return decoded(form, value, end);
      }
      start = end + 1;
    }
    throw new MalformedHookException("The form has no field payload.");
  }

  private static int end(byte[] form, int start) {
    int end = start;
    while (end < form.length && form[end] != '&') {
      end++;
    }
    return end;
  }

  private static byte[] decoded(byte[] form, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
    int at = from;
    while (at < to) {
      byte one = form[at];
      if (one == '%') {
        int high = at + 2 < to ? Character.digit(form[at + 1], HEX) : -1;
        int low = at + 2 < to ? Character.digit(form[at + 2], HEX) : -1;
        if (high < 0 || low < 0) {
          throw new MalformedHookException("The field payload is not URL-encoded.");
        }
        out.write(high * HEX + low);
        at += 3;
      } else {
        out.write(one == '+' ? ' ' : one);
        at++;
      }
    }
    return out.toByteArray();
  }
}
