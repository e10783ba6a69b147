package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.SourceLocation;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.stream.Stream;

/** Finds the line of the pipeline file that called a word of the language. */
final class Caller {
  private static final String OURS = "dev.pipewright.dsl.";
  private static final StackWalker WALKER = StackWalker.getInstance();

  private Caller() {}

  /** The innermost call from outside the language. */
  static SourceLocation location() {
    return WALKER.walk(Caller::firstOutside);
  }

  private static SourceLocation firstOutside(Stream<StackFrame> frames) {
    Iterator<StackFrame> remaining = frames.iterator();
    while (remaining.hasNext()) {
      StackFrame frame = remaining.next();
      String name = frame.getClassName();
      if (!name.startsWith(OURS) && !name.startsWith("java.")) {
        String file = frame.getFileName();
        return new SourceLocation(file == null ? name : file, Math.max(0, frame.getLineNumber()));
      }
    }
    return new SourceLocation("unknown", 0);
  }
}
