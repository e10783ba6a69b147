/**
 * The clock of a run, its timers, and who is at work or blocked. Start with {@link
 * dev.pipewright.engine.time.EngineTime}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.time;
