package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import java.time.Instant;

/**
 * Folders that a run has left for later runs of its pipeline.
 *
 * @param storedBy the run that left them
 */
public record CacheRecord(
    PipelineName pipeline,
    String key,
    BlobDigest blob,
    long size,
    RunId storedBy,
    Instant storedAt,
    Instant usedAt) {

  /** Where it is kept. */
  static String id(PipelineName pipeline, String key) {
    return pipeline + "|" + key;
  }

  String id() {
    return id(pipeline, key);
  }

  CacheRecord used(Instant at) {
    return new CacheRecord(pipeline, key, blob, size, storedBy, storedAt, at);
  }
}
