package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * A secret to store; the same name and source again replaces its value.
 *
 * @param source the source whose runs may have it; null for all
 */
public record SecretSpec(String name, String value, @Nullable SourceName source) {
  @Override
  public String toString() {
    return "SecretSpec[" + name + ", " + source + "]";
  }
}
