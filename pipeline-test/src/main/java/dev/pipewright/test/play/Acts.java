package dev.pipewright.test.play;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What something does each time it is its turn.
 *
 * @param turns the first times
 * @param then every later time; null for what would happen without a script
 */
public record Acts(List<Act> turns, @Nullable Act then) {
  public Acts {
    turns = List.copyOf(turns);
  }

  /** What happens the time {@code index}, counted from 0; null for what nobody has scripted. */
  @Nullable Act at(int index) {
    return index < turns.size() ? turns.get(index) : then;
  }
}
