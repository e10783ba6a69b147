package dev.pipewright.standalone;

/** A command could not be carried out; the message says what to do next. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A problem with exit code 1. */
  public CommandException(String message) {
    this(message, 1);
  }

  public CommandException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** How the process ends. */
  public int exitCode() {
    return exitCode;
  }
}
