package dev.pipewright.engine.work;

import java.util.ArrayList;
import java.util.List;

/** Stack traces as a pipeline author wants them: down to the own code and no further. */
final class StackTraces {
  private static final int FRAMES = 40;
  private static final int CAUSES = 5;
  private static final int MESSAGE = 500;

  private StackTraces() {}

  static String summary(Throwable thrown) {
    String message = thrown.getMessage();
    String text =
        thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message.strip());
    return text.length() <= MESSAGE ? text : text.substring(0, MESSAGE) + "…";
  }

  static List<String> trimmed(Throwable thrown) {
    List<String> lines = new ArrayList<>();
    Throwable each = thrown;
    for (int depth = 0; each != null && depth < CAUSES; depth++) {
      lines.add((depth == 0 ? "" : "Caused by: ") + each);
      frames(each.getStackTrace(), lines);
      each = each.getCause();
    }
    return lines;
  }

  private static void frames(StackTraceElement[] frames, List<String> lines) {
    for (int i = 0; i < frames.length; i++) {
      String name = frames[i].getClassName();
      boolean ours =
          name.startsWith("dev.pipewright.dsl.") || name.startsWith("dev.pipewright.engine.");
      if (i >= FRAMES || (ours && i > 0)) {
        lines.add("    ... " + (frames.length - i) + " more");
        return;
      }
      lines.add("    at " + frames[i]);
    }
  }
}
