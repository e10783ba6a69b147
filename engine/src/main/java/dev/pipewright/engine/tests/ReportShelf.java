package dev.pipewright.engine.tests;

import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;

/** Where test reports are kept. Thread-safe. */
@FunctionalInterface
public interface ReportShelf {

  /**
   * Keeps a {@link dev.pipewright.protocol.run.TestReport} written as JSON.
   *
   * @throws IOException if it cannot be kept
   */
  BlobDigest store(byte[] report) throws IOException, InterruptedException;
}
