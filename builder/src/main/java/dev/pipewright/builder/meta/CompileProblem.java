package dev.pipewright.builder.meta;

/**
 * One reason why pipeline code does not compile.
 *
 * @param file the source file, relative to its folder
 * @param line the line, from 1; 0 where no line is known
 */
public record CompileProblem(String file, long line, String message) {
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + message;
  }
}
