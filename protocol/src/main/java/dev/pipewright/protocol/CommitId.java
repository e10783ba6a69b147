package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A full commit hash: 40 or 64 lower-case hexadecimal digits, never all zeros. */
public record CommitId(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
  private static final Pattern ZEROS = Pattern.compile("0+");

  @JsonCreator
  public CommitId {
    if (!isHash(value) || isNone(value)) {
      throw new ProtocolException(
          "A commit is 40 or 64 lower-case hexadecimal digits, not '"
              + Texts.shorten(value)
              + "'.");
    }
  }

  /** True for 40 or 64 hexadecimal digits, zeros included. */
  public static boolean isHash(String text) {
    return FORM.matcher(text).matches();
  }

  /** True for the zeros by which git says "no commit". */
  public static boolean isNone(String text) {
    return ZEROS.matcher(text).matches();
  }

  /** The first eight digits, for people. */
  public String abbreviated() {
    return value.substring(0, 8);
  }

  @Override
  public String toString() {
    return value;
  }
}
