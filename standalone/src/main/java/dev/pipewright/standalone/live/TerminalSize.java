package dev.pipewright.standalone.live;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How large the terminal is; asked of it once, and again after each change. Thread-safe. */
public final class TerminalSize {
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;
  private static final long PATIENCE_SECONDS = 2;

  private final Map<String, String> environment;
  private volatile int[] size;

  /** Asks for the size now. */
  public TerminalSize(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.size = ask();
  }

  /** Columns and rows. */
  public int[] current() {
    return size.clone();
  }

  /** The terminal has changed its size. */
  public void changed() {
    size = ask();
  }

  private int[] ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && stty.exitValue() == 0) {
        return parsed(text);
      }
    } catch (IOException e) {
      // Without stty or a terminal of its own the process goes by the environment.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new int[] {number("COLUMNS", COLUMNS), number("LINES", ROWS)};
  }

  private int[] parsed(String text) {
    String[] words = text.strip().split(" ", -1);
    if (words.length == 2 && words[0].matches("[0-9]{1,4}") && words[1].matches("[0-9]{1,4}")) {
      int rows = Integer.parseInt(words[0]);
      int columns = Integer.parseInt(words[1]);
      if (rows > 0 && columns > 0) {
        return new int[] {columns, rows};
      }
    }
    return new int[] {number("COLUMNS", COLUMNS), number("LINES", ROWS)};
  }

  private int number(String variable, int otherwise) {
    String text = environment.getOrDefault(variable, "");
    return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : otherwise;
  }
}
