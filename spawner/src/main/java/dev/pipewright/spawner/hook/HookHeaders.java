package dev.pipewright.spawner.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request, whose names are compared without case, and the token in its URL, which
 * stands for a signature where the sender cannot sign. Immutable.
 */
public final class HookHeaders {
  private final Map<String, List<String>> values;
  private final @Nullable String token;

  private HookHeaders(Map<String, List<String>> values, @Nullable String token) {
    this.values = values;
    this.token = token;
  }

  /** Headers as they came, repeated ones included. */
  public static HookHeaders of(Iterable<Map.Entry<String, String>> entries) {
    Map<String, List<String>> values = new TreeMap<>();
    for (Map.Entry<String, String> entry : entries) {
      values
          .computeIfAbsent(entry.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(entry.getValue().strip());
    }
    return new HookHeaders(values, null);
  }

  /** These headers of a request with {@code token} in the query of its URL; null for none. */
  public HookHeaders withToken(@Nullable String inUrl) {
    return new HookHeaders(values, inUrl);
  }

  /** The token in the URL, if there is one. */
  Optional<String> token() {
    return Optional.ofNullable(token);
  }

  /**
   * The value of a header that may occur once; empty if it is absent or empty.
   *
   * @throws MalformedHookException if it occurs more than once
   */
  Optional<String> single(String name) {
    List<String> found = values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    if (found.size() > 1) {
      throw new MalformedHookException("The header " + name + " occurs more than once.");
    }
    return found.isEmpty() || found.getFirst().isEmpty()
        ? Optional.empty()
        : Optional.of(found.getFirst());
  }

  /** The values of a header, as often as it occurs; without empty ones. */
  List<String> all(String name) {
    return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** True if there is such a header, be it empty. */
  boolean has(String name) {
    return values.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /** The first of these names that is there; the first of all if none is. */
  String present(List<String> names) {
    return names.stream().filter(this::has).findFirst().orElse(names.getFirst());
  }

  /** True if the media type of the body is {@code type}, whatever its parameters. */
  boolean hasMediaType(String type) {
    String given = single("Content-Type").orElse("");
    int end = given.indexOf(';');
    return (end < 0 ? given : given.substring(0, end)).strip().equalsIgnoreCase(type);
  }
}
