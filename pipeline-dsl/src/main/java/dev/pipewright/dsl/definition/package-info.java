/**
 * What the engine reads of a pipeline: plain records without behaviour, reached through {@code
 * dev.pipewright.dsl.Definitions}. Pipeline authors never need this package. Start with {@link
 * dev.pipewright.dsl.definition.StepNode}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.dsl.definition;
