package dev.pipewright.state.http;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import org.jspecify.annotations.Nullable;

/** Who hears an event of the live stream. */
@FunctionalInterface
interface Hearers {
  Hearers NOBODY = only -> false;

  /** Who listens to everything. */
  Hearers OF_ALL = only -> only == null;

  /** True for one who listens to {@code only} this run; null for one who listens to everything. */
  boolean include(@Nullable RunId only);

  /** Who listens to this run alone. */
  static Hearers ofRun(RunId run) {
    return only -> only != null && run.equals(only);
  }

  /** Who listens to this run alone, or to everything. */
  static Hearers about(RunId run) {
    return only -> only == null || run.equals(only);
  }

  /** Who listens to a run of this pipeline, or to everything. */
  static Hearers about(PipelineName pipeline) {
    return only -> only == null || pipeline.equals(only.pipeline());
  }
}
