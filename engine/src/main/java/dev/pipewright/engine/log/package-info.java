/**
 * The output of steps on its way to where it is kept, without secrets. Start with {@link
 * dev.pipewright.engine.log.StepLog}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.log;
