package dev.pipewright.protocol.api;

import java.util.Map;

/** Secrets by name. Never logged. */
public record SecretValues(Map<String, String> values) {
  public SecretValues {
    values = Map.copyOf(values);
  }

  @Override
  public String toString() {
    return "SecretValues" + values.keySet();
  }
}
