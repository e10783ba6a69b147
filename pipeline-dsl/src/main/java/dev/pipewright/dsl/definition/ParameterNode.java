package dev.pipewright.dsl.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that is asked of the person who approves.
 *
 * @param name its name, and that of the output it becomes
 * @param kind what may be given
 * @param description for people; empty if nothing was said
 * @param choices the allowed values of a choice; empty for other kinds
 * @param defaultValue taken when nothing is given, as text; null if a value must be given
 */
public record ParameterNode(
    String name,
    Kind kind,
    String description,
    List<String> choices,
    @Nullable String defaultValue) {

  /**
   * Copies the choices.
   *
   * @param name its name, and that of the output it becomes
   * @param kind what may be given
   * @param description for people; empty if nothing was said
   * @param choices the allowed values of a choice; empty for other kinds
   * @param defaultValue taken when nothing is given, as text; null if a value must be given
   */
  public ParameterNode {
    choices = List.copyOf(choices);
  }

  /** What may be given. */
  public enum Kind {
    /** Any text. */
    TEXT,
    /** One of the choices. */
    CHOICE,
    /** True or false. */
    BOOL
  }
}
