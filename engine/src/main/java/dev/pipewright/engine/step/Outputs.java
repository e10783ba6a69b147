package dev.pipewright.engine.step;

import dev.pipewright.dsl.Output;
import dev.pipewright.protocol.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the steps of one run left for later ones, as JSON text. Thread-safe. */
public final class Outputs {
  private final Map<String, String> values = new ConcurrentHashMap<>();

  /** Sets a value and returns it as JSON text. */
  <T> String set(Output<T> output, T value) {
    String json = json(value);
    values.put(output.name(), json);
    return json;
  }

  /** How a value is kept. */
  static String json(Object value) {
    return Json.text(value);
  }

  /** Sets values that are JSON text already, such as those of an engine before this one. */
  public void restore(Map<String, String> known) {
    values.putAll(known);
  }

  /** The value of an output that holds text; null if none was set. */
  public @Nullable String text(String name) {
    String json = values.get(name);
    return json == null ? null : Json.read(json, String.class);
  }

  <T> Optional<T> get(Output<T> output) {
    String json = values.get(output.name());
    return json == null ? Optional.empty() : Optional.of(Json.read(json, output.type()));
  }
}
