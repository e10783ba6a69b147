package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name of a registered repository: letters, digits, dot, dash and underscore, at most 64. */
public record SourceName(@JsonValue String value) implements Comparable<SourceName> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  @JsonCreator
  public SourceName {
    if (!FORM.matcher(value).matches()) {
      throw new ProtocolException(
          "A source name is 1 to 64 letters, digits, dots, dashes or underscores and starts with a"
              + " letter or digit: '"
              + Texts.shorten(value)
              + "'.");
    }
  }

  @Override
  public int compareTo(SourceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
