package dev.pipewright.protocol.run;

import dev.pipewright.protocol.BlobDigest;

/**
 * A file a step kept: its path relative to the workspace, its content address, its size in bytes.
 */
public record Artifact(String path, BlobDigest digest, long size) {}
