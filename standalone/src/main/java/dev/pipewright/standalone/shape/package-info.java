/**
 * What pipelines look like, in words that can be shown and compared. Start with {@link
 * dev.pipewright.standalone.shape.PipelineShape}.
 */
@NullMarked
package dev.pipewright.standalone.shape;

import org.jspecify.annotations.NullMarked;
