package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a pipeline, unique on a server: up to 100 printable characters without {@code #} and
 * {@code /}. The text {@code " :: "} is reserved for the pipeline that builds a source's code.
 */
public record PipelineName(@JsonValue String value) implements Comparable<PipelineName> {
  private static final String CODE = " :: pipeline code";

  @JsonCreator
  public PipelineName {
    Texts.printable("pipeline name", value, 100);
    if (!value.equals(value.strip()) || value.indexOf('#') >= 0 || value.indexOf('/') >= 0) {
      throw new ProtocolException(
          "A pipeline name has no '#', no '/' and no blanks at its ends: '"
              + Texts.shorten(value)
              + "'.");
    }
    if (value.contains(" :: ") && !value.endsWith(CODE)) {
      throw new ProtocolException(
          "A pipeline name must not contain ' :: ': '" + Texts.shorten(value) + "'.");
    }
  }

  /** The built-in pipeline that compiles the pipeline code of {@code source}. */
  public static PipelineName codeOf(SourceName source) {
    return new PipelineName(source.value() + CODE);
  }

  /** True for the built-in pipeline that compiles a source's pipeline code. */
  public boolean isCode() {
    return value.endsWith(CODE);
  }

  @Override
  public int compareTo(PipelineName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
