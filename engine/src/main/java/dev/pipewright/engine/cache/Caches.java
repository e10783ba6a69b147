package dev.pipewright.engine.cache;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.CacheAnswer;
import java.io.IOException;
import java.nio.file.Path;

/** Where cached folders are kept, as gzipped tar archives by key. Thread-safe. */
public interface Caches {

  /**
   * Says what is kept for a key, and in words why there is nothing.
   *
   * @throws IOException if it cannot be said
   */
  CacheAnswer find(String key) throws IOException, InterruptedException;

  /**
   * Copies a kept archive into a file and checks that it is the one that was named.
   *
   * @throws IOException if it cannot be had
   */
  void fetch(BlobDigest archive, Path target) throws IOException, InterruptedException;

  /**
   * Keeps an archive for a key; a later one replaces it.
   *
   * @throws IOException if it cannot be kept
   */
  void store(String key, Path archive) throws IOException, InterruptedException;
}
