package dev.pipewright.test;

import java.util.Map;

/**
 * A command that was begun in a tested run.
 *
 * @param step the path of the task that began it
 * @param text its words, separated by blanks
 * @param environment all variables it got
 */
public record RanCommand(String step, String text, Map<String, String> environment) {
  public RanCommand {
    environment = Map.copyOf(environment);
  }

  @Override
  public String toString() {
    return step + ": " + text;
  }
}
