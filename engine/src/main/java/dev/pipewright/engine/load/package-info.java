/**
 * Finds and loads the pipeline definitions of compiled pipeline code. Start with {@link
 * dev.pipewright.engine.load.PipelineCode}.
 */
@org.jspecify.annotations.NullMarked
package dev.pipewright.engine.load;
