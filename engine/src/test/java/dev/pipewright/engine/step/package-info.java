/** Cancellation, piece by piece. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.step;
