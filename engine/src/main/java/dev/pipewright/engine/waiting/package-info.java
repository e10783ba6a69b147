/**
 * What a run waits for outside of its engine, and how it parks when nothing else is left to do.
 * Start with {@link dev.pipewright.engine.waiting.Waits}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.waiting;
