package dev.pipewright.dsl.definition;

/**
 * One step as the engine reads it.
 *
 * @param word what the step does and what it contains
 * @param modifiers what was added to it by fluent calls
 * @param location the call that made it
 */
public record StepNode(Word word, Modifiers modifiers, SourceLocation location) {

  /**
   * Makes a step without modifiers.
   *
   * @param word what it does
   * @param location the call that made it
   */
  public StepNode(Word word, SourceLocation location) {
    this(word, Modifiers.NONE, location);
  }

  /**
   * Adds one modifier.
   *
   * @param modifier what to add
   * @return this step with the modifier added
   */
  public StepNode with(Modifier modifier) {
    return new StepNode(word, modifiers.and(modifier), location);
  }

  /**
   * Replaces the word.
   *
   * @param other what the step does instead
   * @return this step with another word and the same modifiers
   */
  public StepNode as(Word other) {
    return new StepNode(other, modifiers, location);
  }
}
