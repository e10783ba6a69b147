/** Masking and the log of a step, byte by byte. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.log;
