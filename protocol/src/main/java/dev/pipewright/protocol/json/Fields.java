package dev.pipewright.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pipewright.protocol.ProtocolException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks JSON from front to back: {@link #beginObject}, then {@link #next} for each member, then one
 * call that takes its value. Confined to one reader.
 */
final class Fields {
  private final JsonParser in;

  Fields(JsonParser in) {
    this.in = in;
  }

  interface Element<T> {
    T read() throws IOException;
  }

  void beginObject() throws IOException {
    JsonToken token =
        in.currentToken() == JsonToken.START_OBJECT ? in.currentToken() : in.nextToken();
    if (token != JsonToken.START_OBJECT) {
      throw new ProtocolException("expected an object, but found " + token);
    }
  }

  /** Begins an object that may be null; false if it is. */
  boolean beginObjectIfAny() throws IOException {
    if (in.nextToken() == JsonToken.VALUE_NULL) {
      return false;
    }
    beginObject();
    return true;
  }

  /** Moves to the next member; false at the end of the object. */
  boolean next() throws IOException {
    JsonToken token = in.nextToken();
    if (token == JsonToken.END_OBJECT) {
      return false;
    }
    if (token != JsonToken.FIELD_NAME) {
      throw new ProtocolException("expected a member, but found " + token);
    }
    return true;
  }

  String name() throws IOException {
    return in.currentName();
  }

  @Nullable String text() throws IOException {
    return in.nextToken() == JsonToken.VALUE_NULL ? null : in.getText();
  }

  String needed() throws IOException {
    String name = in.currentName();
    String text = text();
    if (text == null) {
      throw new ProtocolException("'" + name + "' must not be null");
    }
    return text;
  }

  long number() throws IOException {
    in.nextToken();
    return in.getLongValue();
  }

  @Nullable Long numberOrNull() throws IOException {
    return in.nextToken() == JsonToken.VALUE_NULL ? null : in.getLongValue();
  }

  boolean bool() throws IOException {
    in.nextToken();
    return in.getBooleanValue();
  }

  void skip() throws IOException {
    in.nextToken();
    in.skipChildren();
  }

  /** Reads an array; each element begins at the current token. */
  <T> List<T> array(Element<T> element) throws IOException {
    List<T> all = new ArrayList<>();
    if (in.nextToken() == JsonToken.VALUE_NULL) {
      return all;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      all.add(element.read());
    }
    return all;
  }

  /** Reads an object whose members are all text. */
  Map<String, String> texts() throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    if (in.currentToken() != JsonToken.START_OBJECT && in.nextToken() == JsonToken.VALUE_NULL) {
      return all;
    }
    beginObject();
    while (next()) {
      String name = name();
      all.put(name, needed());
    }
    return all;
  }

  /** An instant, or null. */
  @Nullable Instant instant() throws IOException {
    String text = text();
    return text == null ? null : Instant.parse(text);
  }

  /** A number that may be absent. */
  @Nullable Integer intOrNull() throws IOException {
    Long number = numberOrNull();
    return number == null ? null : Math.toIntExact(number);
  }

  /** A floating number that may be absent. */
  @Nullable Double realOrNull() throws IOException {
    return in.nextToken() == JsonToken.VALUE_NULL ? null : in.getDoubleValue();
  }

  /** A floating number. */
  double real() throws IOException {
    in.nextToken();
    return in.getDoubleValue();
  }

  /** The value of a member that must be there. */
  static <T> T present(String name, @Nullable T value) {
    if (value == null) {
      throw new ProtocolException("'" + name + "' is missing");
    }
    return value;
  }

  /** The text of the current token. */
  String here() throws IOException {
    return in.getText();
  }
}
