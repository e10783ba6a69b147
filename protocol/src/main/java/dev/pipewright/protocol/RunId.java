package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** One execution of one pipeline, shown and stored as {@code shop#42}. Numbers begin at 1. */
public record RunId(PipelineName pipeline, long number) {

  public RunId {
    if (number < 1) {
      throw new ProtocolException("A run number is at least 1, not " + number + ".");
    }
  }

  /** Reads {@code shop#42}. */
  @JsonCreator
  public static RunId parse(String text) {
    int mark = text.lastIndexOf('#');
    if (mark < 1) {
      throw new ProtocolException(
          "A run is written like shop#42, not '" + Texts.shorten(text) + "'.");
    }
    try {
      return new RunId(
          new PipelineName(text.substring(0, mark)), Long.parseLong(text.substring(mark + 1)));
    } catch (NumberFormatException e) {
      throw new ProtocolException(
          "A run is written like shop#42, not '" + Texts.shorten(text) + "'.", e);
    }
  }

  /** This id as one segment of a URL path. */
  public String urlSegment() {
    return UrlText.encoded(toString());
  }

  @JsonValue
  @Override
  public String toString() {
    return pipeline + "#" + number;
  }
}
