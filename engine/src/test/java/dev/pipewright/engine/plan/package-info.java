/** What is refused before a run. */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.plan;
