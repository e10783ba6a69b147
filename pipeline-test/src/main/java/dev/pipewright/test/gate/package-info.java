/**
 * Tests of pipelines as a gate: run in a process of their own when a version of pipeline code is
 * built. Begin with {@link dev.pipewright.test.gate.TestsMain}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.test.gate;
