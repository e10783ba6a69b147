/**
 * Executes one run of one pipeline and reports it. {@link dev.pipewright.engine.EngineMain} does it
 * for a server, {@link dev.pipewright.engine.LocalRun} for a person; both go through {@link
 * dev.pipewright.engine.PipelineRun}, which is the file to read first.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine;
