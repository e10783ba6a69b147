package dev.pipewright.spawner.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The headers of a request; names are compared without case. Immutable. */
public final class HookHeaders {
  private final Map<String, List<String>> values = new TreeMap<>();

  private HookHeaders() {}

  /** Headers as they came, repeated ones included. */
  public static HookHeaders of(Iterable<Map.Entry<String, String>> entries) {
    HookHeaders headers = new HookHeaders();
    for (Map.Entry<String, String> entry : entries) {
      headers
          .values
          .computeIfAbsent(entry.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(entry.getValue().strip());
    }
    return headers;
  }

  /**
   * The value of a header that may occur once.
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

  /** True if the media type of the body is {@code type}, whatever its parameters. */
  boolean hasMediaType(String type) {
    String given = single("Content-Type").orElse("");
    int end = given.indexOf(';');
    return (end < 0 ? given : given.substring(0, end)).strip().equalsIgnoreCase(type);
  }
}
