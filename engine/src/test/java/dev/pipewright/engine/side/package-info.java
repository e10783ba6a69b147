/** Containers beside the engine. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.side;
