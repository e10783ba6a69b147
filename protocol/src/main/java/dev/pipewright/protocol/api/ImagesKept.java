package dev.pipewright.protocol.api;

import java.util.Set;

/**
 * The runtime images that a run which is not over, or one of the latest runs of a pipeline, is
 * pinned to. Images that nobody names can be made again.
 */
public record ImagesKept(Set<String> images) {
  public ImagesKept {
    images = Set.copyOf(images);
  }
}
