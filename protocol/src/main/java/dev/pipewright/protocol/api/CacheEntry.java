package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;

/** A run keeps folders for later runs of its pipeline with the same key. */
public record CacheEntry(long fence, String key, BlobDigest blob, long size) {}
