package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stable address of a step, made of names and never of positions: {@code verify/lint}. Each
 * name has at most 200 characters, the whole path at most 2,000.
 */
public record StepPath(@JsonValue String value) implements Comparable<StepPath> {
  /** The longest name of one step. */
  public static final int NAME_LIMIT = 200;

  private static final int PATH_LIMIT = 2000;

  @JsonCreator
  public StepPath {
    Texts.printable("step path", value, PATH_LIMIT);
    for (String name : value.split("/", -1)) {
      Texts.printable("step name", name, NAME_LIMIT);
      if (name.equals(".") || name.equals("..")) {
        throw new ProtocolException("A step cannot be named '" + name + "'.");
      }
    }
  }

  /** The path of a step at the top of a pipeline. */
  public static StepPath of(String name) {
    return new StepPath(name);
  }

  /** The path of a step inside this one. */
  public StepPath child(String name) {
    return new StepPath(value + "/" + name);
  }

  /** The names this path is made of, outermost first. */
  public List<String> names() {
    return List.of(value.split("/", -1));
  }

  /** The innermost name. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /** True if {@code other} lies below this path. */
  public boolean contains(StepPath other) {
    return other.value.startsWith(value + "/");
  }

  /** This path with every name encoded for a URL and the slashes kept. */
  public String urlSegments() {
    List<String> encoded = new ArrayList<>();
    for (String name : names()) {
      encoded.add(UrlText.encoded(name));
    }
    return String.join("/", encoded);
  }

  @Override
  public int compareTo(StepPath other) {
    return value.compareTo(other.value);
  }

  // Written out, because what the JVM makes of records costs an engine milliseconds at its start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StepPath that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
