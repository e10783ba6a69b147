package dev.pipewright.engine.cache;

import java.io.IOException;

/** Folders cannot be packed or unpacked; the message says why. */
final class CacheException extends IOException {
  private static final long serialVersionUID = 1L;

  CacheException(String message) {
    super(message);
  }
}
