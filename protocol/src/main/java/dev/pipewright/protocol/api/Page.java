package dev.pipewright.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list; {@code next} is what to pass as {@code after} for the next page, null at the
 * end.
 */
public record Page<T>(List<T> items, @Nullable String next) {
  public Page {
    items = List.copyOf(items);
  }
}
