package dev.pipewright.spawner.docker;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What a container will be told on its standard input: nothing for as long as nobody knows what,
 * then one message. Read by one thread, told by another one.
 */
final class StandardInput extends InputStream {
  private final CompletableFuture<byte[]> message = new CompletableFuture<>();
  private final CountDownLatch passedOn = new CountDownLatch(1);
  private int at;

  /** Says it. Of several messages only the first counts. */
  void tell(byte[] text) {
    message.complete(text);
  }

  /** Waits until the message was taken and the reader came back for more; false if it never did. */
  boolean awaitPassedOn(long millis) throws InterruptedException {
    return passedOn.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    byte[] text = text();
    int count = Math.min(length, text.length - at);
    if (count == 0 && length > 0) {
      passedOn.countDown();
      return -1;
    }
    System.arraycopy(text, at, buffer, offset, count);
    at += count;
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  private byte[] text() throws IOException {
    try {
      return message.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while nothing was said yet", e);
    } catch (ExecutionException e) {
      throw new IOException("nothing will be said", e);
    }
  }

  /** Nothing is said any more. */
  @Override
  public void close() {
    message.complete(new byte[0]);
  }
}
