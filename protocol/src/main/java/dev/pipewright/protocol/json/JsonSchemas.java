package dev.pipewright.protocol.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas (2020-12, as OpenAPI 3.1 has them) of what {@link Json} writes. Each record becomes
 * a definition of its own, which others refer to. Not thread-safe.
 */
public final class JsonSchemas {
  private static final Map<Class<?>, Map<String, Object>> PLAIN =
      Map.ofEntries(
          Map.entry(String.class, Map.of("type", "string")),
          Map.entry(java.net.URI.class, Map.of("type", "string")),
          Map.entry(Instant.class, Map.of("type", "string", "format", "date-time")),
          Map.entry(java.time.Duration.class, Map.of("type", "number")),
          Map.entry(int.class, Map.of("type", "integer")),
          Map.entry(long.class, Map.of("type", "integer")),
          Map.entry(Integer.class, Map.of("type", "integer")),
          Map.entry(Long.class, Map.of("type", "integer")),
          Map.entry(double.class, Map.of("type", "number")),
          Map.entry(boolean.class, Map.of("type", "boolean")),
          Map.entry(Boolean.class, Map.of("type", "boolean")));

  private final String prefix;
  private final Map<String, Object> definitions = new TreeMap<>();

  /** Refers to definitions by {@code prefix} and their name, as {@code #/components/schemas/}. */
  public JsonSchemas(String prefix) {
    this.prefix = prefix;
  }

  /** The definitions that were needed so far, by name. */
  public Map<String, Object> definitions() {
    return definitions;
  }

  /** The schema of a type; nothing is said of what {@link Json} has no fixed form for. */
  public Map<String, Object> of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    return type instanceof Class<?> plain ? plain(plain) : Map.of();
  }

  private Map<String, Object> generic(Class<?> raw, Type[] arguments) {
    if (Map.class.isAssignableFrom(raw)) {
      return Map.of("type", "object", "additionalProperties", of(arguments[1]));
    }
    return Collection.class.isAssignableFrom(raw) ? list(of(arguments[0])) : Map.of();
  }

  /** The schema of an array. */
  public static Map<String, Object> list(Map<String, Object> element) {
    return Map.of("type", "array", "items", element);
  }

  private Map<String, Object> plain(Class<?> type) {
    Map<String, Object> known = PLAIN.get(type);
    if (known != null) {
      return known;
    }
    if (type.isEnum()) {
      return Map.of("type", "string", "enum", words(type));
    }
    if (isText(type)) {
      return Map.of("type", "string");
    }
    if (type.isRecord() || type.isAnnotationPresent(JsonSubTypes.class)) {
      return reference(type);
    }
    return Map.of();
  }

  private static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> Json.text(constant).replace("\"", ""))
        .toList();
  }

  /** Whether one method or component stands for the whole. */
  private static boolean isText(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(method -> method.isAnnotationPresent(JsonValue.class));
  }

  private Map<String, Object> reference(Class<?> type) {
    String name = name(type);
    if (!definitions.containsKey(name)) {
      definitions.put(name, Map.of());
      definitions.put(name, type.isRecord() ? members(type) : choice(type));
    }
    return Map.of("$ref", prefix + name);
  }

  private static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
  }

  private Map<String, Object> members(Class<?> type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    tell(type, properties, required);
    for (RecordComponent component : type.getRecordComponents()) {
      AnnotatedType annotated = component.getAnnotatedType();
      Map<String, Object> schema = of(component.getGenericType());
      if (annotated.isAnnotationPresent(Nullable.class)) {
        properties.put(component.getName(), orNull(schema));
      } else {
        properties.put(component.getName(), schema);
        required.add(component.getName());
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("type", "object");
    all.put("properties", properties);
    if (!required.isEmpty()) {
      all.put("required", required);
    }
    return all;
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    return schema.isEmpty() ? schema : Map.of("anyOf", List.of(schema, Map.of("type", "null")));
  }

  /** One of several records, told apart by a member with a fixed word. */
  private Map<String, Object> choice(Class<?> type) {
    List<Map<String, Object>> choices = new ArrayList<>();
    for (JsonSubTypes.Type choice : type.getAnnotation(JsonSubTypes.class).value()) {
      choices.add(reference(choice.value()));
    }
    return Map.of("oneOf", choices);
  }

  /**
   * The member that tells this record from the others it is chosen from, if it is one of several.
   */
  private static void tell(Class<?> type, Map<String, Object> properties, List<String> required) {
    for (Class<?> general : type.getInterfaces()) {
      JsonTypeInfo info = general.getAnnotation(JsonTypeInfo.class);
      JsonSubTypes choices = general.getAnnotation(JsonSubTypes.class);
      if (info != null && choices != null) {
        for (JsonSubTypes.Type choice : choices.value()) {
          if (choice.value() == type) {
            properties.put(info.property(), Map.of("const", choice.name()));
            required.add(info.property());
          }
        }
      }
    }
  }
}
