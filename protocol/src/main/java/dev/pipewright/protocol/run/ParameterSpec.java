package dev.pipewright.protocol.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value a person may give.
 *
 * @param description for people; may be empty
 * @param choices the allowed values of a CHOICE
 * @param defaultValue taken when none is given; null if one must be given
 */
public record ParameterSpec(
    String name,
    Kind kind,
    String description,
    List<String> choices,
    @Nullable String defaultValue) {
  private static final int LONGEST = 10_000;

  public ParameterSpec {
    choices = List.copyOf(choices);
  }

  /** What kind of value it is; every value travels as text. */
  public enum Kind {
    /** Any text. */
    TEXT,
    /** One of the choices. */
    CHOICE,
    /** {@code true} or {@code false}. */
    BOOL
  }

  /** What is wrong with {@code value}, in a sentence; null if it may be given. */
  public @Nullable String problem(String value) {
    return switch (kind) {
      case TEXT ->
          value.length() <= LONGEST
              ? null
              : "'%s' has at most %,d characters.".formatted(name, LONGEST);
      case CHOICE ->
          choices.contains(value)
              ? null
              : "'%s' is one of %s.".formatted(name, String.join(", ", choices));
      case BOOL ->
          value.equals("true") || value.equals("false")
              ? null
              : "'%s' is true or false.".formatted(name);
    };
  }
}
