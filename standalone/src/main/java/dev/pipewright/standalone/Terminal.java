package dev.pipewright.standalone;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of this process: a person at a terminal, or a file or a program. */
public final class Terminal {
  private static final String PROPERTY = "pipewright.terminal";

  private Terminal() {}

  /** True if what is printed is read by a person at a terminal; the launcher script says so. */
  public static boolean showsOutput() {
    return System.getProperty(PROPERTY) != null || canAsk();
  }

  /** True if a person can be asked. */
  public static boolean canAsk() {
    return terminal() != null;
  }

  private static @Nullable Console terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).orElse(null);
  }

  /**
   * Asks for one line.
   *
   * @throws CommandException if nobody can be asked, or the person ends the input
   */
  public static String ask(String question) {
    Console console = terminal();
    String line = console == null ? null : console.readLine("%s", question);
    if (line == null) {
      throw new CommandException("interrupted", 130);
    }
    return line.strip();
  }

  /**
   * A secret: typed without being shown where a person can be asked, else all of standard input
   * without its last line break.
   *
   * @param question what to ask for, such as {@code Value of DEPLOY_KEY}
   * @throws CommandException if there is none
   */
  public static String askSecretly(String question) {
    String value;
    Console console = terminal();
    if (console != null) {
      char[] typed = console.readPassword("%s: ", question);
      value = typed == null ? "" : new String(typed);
    } else {
      value = standardInput().replaceFirst("\r?\n$", "");
    }
    if (value.isEmpty()) {
      throw new CommandException(
          question + " is empty; give it on standard input or at the prompt.", 2);
    }
    return value;
  }

  private static String standardInput() {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandException("Could not read standard input: " + e.getMessage(), 2);
    }
  }
}
