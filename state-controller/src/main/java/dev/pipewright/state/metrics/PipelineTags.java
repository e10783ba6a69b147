package dev.pipewright.state.metrics;

import dev.pipewright.protocol.PipelineName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of the tag {@code pipeline}. Names are chosen by users and without bound, and every
 * one costs memory here and in what collects the numbers: the first 200 that run are told apart,
 * the rest are {@code other}. Thread-safe.
 */
final class PipelineTags {
  static final int MOST = 200;
  static final String OTHER = "other";

  private final Set<PipelineName> known = ConcurrentHashMap.newKeySet();

  /** The value for this pipeline, the same at every call. */
  String of(PipelineName pipeline) {
    if (!known.contains(pipeline)) {
      synchronized (known) {
        if (known.size() >= MOST) {
          return OTHER;
        }
        known.add(pipeline);
      }
    }
    return pipeline.value();
  }
}
