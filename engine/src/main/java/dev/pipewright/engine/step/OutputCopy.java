package dev.pipewright.engine.step;

import dev.pipewright.engine.log.ByteSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Copies the output of a process on a thread of its own. Thread-safe. */
final class OutputCopy {
  private static final int BUFFER = 64 * 1024;

  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean writing;

  private OutputCopy() {}

  static OutputCopy start(InputStream from, ByteSink to, Executor pumps) {
    OutputCopy copy = new OutputCopy();
    pumps.execute(() -> copy.run(from, to));
    return copy;
  }

  private void run(InputStream from, ByteSink to) {
    byte[] buffer = new byte[BUFFER];
    try (from) {
      int read;
      while ((read = from.read(buffer, 0, buffer.length)) >= 0) {
        writing = true;
        to.write(buffer, 0, read);
        writing = false;
      }
    } catch (IOException e) {
      // The stream was closed because its process has ended.
    } finally {
      writing = false;
      done.countDown();
    }
  }

  /** Waits for the end of the output; false if time is over before. */
  boolean await(long millis) throws InterruptedException {
    return done.await(millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Waits for the end of the output as long as it takes to hand it on; gives up only when there was
   * nothing to hand on, because a process that cannot be found any more holds the output open.
   */
  void awaitAll(long silenceMillis) throws InterruptedException {
    while (!await(silenceMillis)) {
      if (!writing) {
        return;
      }
    }
  }
}
