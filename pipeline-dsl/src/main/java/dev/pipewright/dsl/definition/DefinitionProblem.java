package dev.pipewright.dsl.definition;

/**
 * Something that is wrong with a pipeline, found before anything runs.
 *
 * @param message what is wrong and what to do about it
 * @param location the call that made it wrong
 */
public record DefinitionProblem(String message, SourceLocation location) {

  @Override
  public String toString() {
    return location + ": " + message;
  }
}
