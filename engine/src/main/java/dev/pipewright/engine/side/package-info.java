/**
 * Containers beside the engine's own: steps with an image of their own, and services. Start with
 * {@link dev.pipewright.engine.side.Sides}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.side;
