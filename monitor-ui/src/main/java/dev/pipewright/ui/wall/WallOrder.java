package dev.pipewright.ui.wall;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.pipewright.protocol.ProtocolException;
import java.util.Locale;

/** How the tiles of the wall are ordered. */
public enum WallOrder {
  /** Broken pipelines first, then by name. */
  SICK_FIRST,
  /** By name alone, so that every tile keeps its place. */
  NAME;

  /** Reads {@code sick-first} or {@code name}. */
  @JsonCreator
  public static WallOrder parse(String word) {
    for (WallOrder order : values()) {
      if (order.word().equals(word)) {
        return order;
      }
    }
    throw new ProtocolException("\"order\" is \"sick-first\" or \"name\", nothing else.");
  }

  /** The word in the file. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
