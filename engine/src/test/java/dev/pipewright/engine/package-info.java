/** Runs whole pipelines through the engine, with a reporter that remembers. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine;
