/**
 * Tests of pipelines, for their authors: a pipeline runs on the real engine, with commands that do
 * what the test says and a clock that jumps. Begin with {@link dev.pipewright.test.PipelineTester}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.test;
