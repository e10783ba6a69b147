package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for a cache key.
 *
 * @param blob a gzipped tar of the folders; null if there is none
 * @param reason in words: why there is none, or which run stored it when
 */
public record CacheAnswer(@Nullable BlobDigest blob, long size, String reason) {}
