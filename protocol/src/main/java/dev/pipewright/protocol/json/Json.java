package dev.pipewright.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.pipewright.protocol.ProtocolException;
import java.io.IOException;
import java.lang.reflect.Type;

/**
 * The only reader and writer of JSON. Unknown members are passed over, nesting is limited to 256,
 * duplicate members are refused, instants are ISO-8601 text. Thread-safe.
 */
public final class Json {
  private static final ObjectMapper MAPPER = mapper();

  private Json() {}

  private static ObjectMapper mapper() {
    JsonFactory factory =
        new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(256)
                    .maxStringLength(16_000_000)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .addModule(new JavaTimeModule())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .build();
  }

  /** The value as UTF-8 JSON. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new ProtocolException("Could not write " + value.getClass().getSimpleName() + ".", e);
    }
  }

  /** The value as JSON text. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ProtocolException("Could not write " + value.getClass().getSimpleName() + ".", e);
    }
  }

  /** The value as indented JSON text, for people. */
  public static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ProtocolException("Could not write " + value.getClass().getSimpleName() + ".", e);
    }
  }

  /**
   * Reads a value.
   *
   * @throws ProtocolException if the bytes are not JSON of that form; the message says where
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      return present(MAPPER.readValue(json, type), type);
    } catch (IOException e) {
      throw unreadable(type, e);
    }
  }

  /** Reads a value from text; see {@link #read(byte[], Class)}. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return present(MAPPER.readValue(json, type), type);
    } catch (IOException e) {
      throw unreadable(type, e);
    }
  }

  /** Reads a value of a generic type; see {@link #read(byte[], Class)}. */
  public static <T> T read(byte[] json, Generic<T> type) {
    try {
      return present(MAPPER.<T>readValue(json, MAPPER.constructType(type.type())), Object.class);
    } catch (IOException e) {
      throw unreadable(Object.class, e);
    }
  }

  /** Reads any JSON as a tree that never throws on missing members. */
  public static JsonTree tree(byte[] json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node == null || node.isMissingNode()) {
        throw new ProtocolException("The body is empty, but JSON was expected.");
      }
      return new JsonTree(node);
    } catch (IOException e) {
      throw unreadable(Object.class, e);
    }
  }

  private static <T> T present(T value, Class<?> type) {
    if (value == null) {
      throw new ProtocolException("Expected " + type.getSimpleName() + ", but got JSON null.");
    }
    return value;
  }

  private static ProtocolException unreadable(Class<?> type, IOException cause) {
    Throwable inner = cause;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    String message =
        inner instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : String.valueOf(inner.getMessage());
    String what = type == Object.class ? "JSON" : type.getSimpleName();
    return new ProtocolException("Could not read " + what + ": " + message, cause);
  }

  /** A generic type to read, made as {@code new Json.Generic<List<Plan>>() {}}. */
  public abstract static class Generic<T> {
    private final Type type = new TypeReference<T>() {}.getType();

    /** For subclasses that name the type. */
    protected Generic() {}

    Type type() {
      Type self = getClass().getGenericSuperclass();
      return self instanceof java.lang.reflect.ParameterizedType parameterized
          ? parameterized.getActualTypeArguments()[0]
          : type;
    }
  }
}
