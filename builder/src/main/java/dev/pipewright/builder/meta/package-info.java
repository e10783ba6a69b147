/**
 * The meta-pipeline: compiles the pipeline code of a commit, describes it and publishes the bundle.
 * Its classes travel as a bundle of their own into an engine, so they use nothing but the JDK, the
 * language and the protocol. PipelineCompiler also serves local runs. Start with
 * PipelineCodePipeline.
 */
@NullMarked
package dev.pipewright.builder.meta;

import org.jspecify.annotations.NullMarked;
