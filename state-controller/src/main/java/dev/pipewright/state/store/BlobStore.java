package dev.pipewright.state.store;

import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Bytes under the address of their content; once stored they never change. Thread-safe. */
public interface BlobStore {

  /**
   * Stores what {@code content} holds, if that is what {@code digest} says.
   *
   * @return false, and nothing stored, if the content has another digest
   * @throws IOException if {@code content} could not be read to its end; nothing was stored
   */
  boolean put(BlobDigest digest, InputStream content) throws IOException;

  /** Removes a blob; one that is not there does no harm. */
  void remove(BlobDigest digest);

  /** The size in bytes, if it is stored. */
  Optional<Long> size(BlobDigest digest);

  /** The bytes from the beginning, if they are stored; the caller closes the stream. */
  Optional<InputStream> open(BlobDigest digest);
}
