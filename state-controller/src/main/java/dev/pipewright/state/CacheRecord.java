package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Folders that a run has left for later runs of its pipeline.
 *
 * @param scope the pull request whose unapproved runs alone see it; null for all other runs
 * @param storedBy the run that left them
 */
public record CacheRecord(
    PipelineName pipeline,
    @Nullable String scope,
    String key,
    BlobDigest blob,
    long size,
    RunId storedBy,
    Instant storedAt,
    Instant usedAt) {

  /** Where it is kept. */
  static String id(PipelineName pipeline, @Nullable String scope, String key) {
    String shared = pipeline + "|" + key;
    return scope == null ? shared : "|" + scope + "|" + shared;
  }

  String id() {
    return id(pipeline, scope, key);
  }

  CacheRecord used(Instant at) {
    return new CacheRecord(pipeline, scope, key, blob, size, storedBy, storedAt, at);
  }
}
