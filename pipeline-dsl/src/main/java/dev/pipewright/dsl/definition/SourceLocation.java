package dev.pipewright.dsl.definition;

/**
 * Where a word of the language was written.
 *
 * @param file simple name of the source file, such as {@code ShopPipeline.java}
 * @param line the line of the call, counted from 1; 0 where none is known
 */
public record SourceLocation(String file, int line) {

  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
