/**
 * What a task needs to do its work: processes, environment, outputs, and the context given to Java
 * bodies. Start with {@link dev.pipewright.engine.step.Commands}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.step;
