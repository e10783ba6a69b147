package dev.pipewright.engine.load;

import dev.pipewright.dsl.definition.SourceLocation;

/** Finds the line of a user's code an exception came from. */
final class UserFrames {
  private UserFrames() {}

  static SourceLocation location(Throwable thrown, String definition) {
    return location(thrown.getStackTrace(), definition);
  }

  static SourceLocation location(StackTraceElement[] frames, String definition) {
    for (StackTraceElement frame : frames) {
      String name = frame.getClassName();
      boolean theirs =
          !name.startsWith("java.")
              && !name.startsWith("jdk.")
              && !name.startsWith("dev.pipewright.dsl.")
              && !name.startsWith("dev.pipewright.engine.load.");
      if (theirs && frame.getFileName() != null) {
        return new SourceLocation(frame.getFileName(), Math.max(0, frame.getLineNumber()));
      }
    }
    return new SourceLocation(definition, 0);
  }
}
