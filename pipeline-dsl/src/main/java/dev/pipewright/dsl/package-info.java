/**
 * What a pipeline author writes against. Begin with {@link dev.pipewright.dsl.PipelineDefinition},
 * find the words in {@link dev.pipewright.dsl.Steps} and {@link dev.pipewright.dsl.Triggers}, and
 * what a body can do in {@link dev.pipewright.dsl.StepContext}. Everything here but the context is
 * an immutable value: building it does nothing.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.dsl;
