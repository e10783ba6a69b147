/**
 * Walks a planned pipeline: one file per word of control flow. Start with {@link
 * dev.pipewright.engine.execute.StepExecution}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.execute;
