package dev.pipewright.engine.step;

import java.util.List;

/** What is to be run. */
public sealed interface Command {

  /**
   * Text for the shell.
   *
   * @param text what the shell reads
   * @param args positional parameters appended to the text, never part of it
   */
  record Shell(String text, List<String> args) implements Command {
    public Shell {
      args = List.copyOf(args);
    }
  }

  /**
   * A program without a shell.
   *
   * @param line its name or path, and its arguments
   */
  record Program(List<String> line) implements Command {
    public Program {
      line = List.copyOf(line);
    }
  }

  /** Text for the shell without parameters. */
  static Command shell(String text) {
    return new Shell(text, List.of());
  }

  /** A program and its arguments. */
  static Command program(String... line) {
    return new Program(List.of(line));
  }
}
