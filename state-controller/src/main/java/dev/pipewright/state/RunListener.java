package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import org.jspecify.annotations.Nullable;

/**
 * Is told of changes after they are durable, on the thread that made them: it must be quick and
 * must not throw.
 */
public interface RunListener {

  /** A run has changed, or is new if {@code before} is null. */
  void runChanged(@Nullable RunRecord before, RunRecord after);

  /** What is shown of a pipeline may have changed. */
  void pipelineChanged(PipelineName pipeline);

  /** The output of a step has grown to {@code length} bytes, by {@code count}. */
  void logGrew(RunId run, StepPath step, long length, long count);
}
