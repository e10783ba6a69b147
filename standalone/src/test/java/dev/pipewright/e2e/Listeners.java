package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Many connections to the live stream. Each notes when an event of a run has come, and looks at
 * nothing else, so that they can be many on one machine.
 */
final class Listeners implements AutoCloseable {
  private static final byte[] RUN = "\nevent: run\n".getBytes(US_ASCII);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Listener> all = new ArrayList<>();

  private static final class Listener {
    private final Socket socket;
    private final AtomicLongArray heardAt;
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    private Listener(Socket socket, int events) {
      this.socket = socket;
      this.heardAt = new AtomicLongArray(events);
    }

    private void listen() {
      byte[] buffer = new byte[32 * 1024];
      int matched = 0;
      try {
        InputStream in = socket.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          bytes.addAndGet(count);
          for (int i = 0; i < count; i++) {
            // Only the first byte of what is looked for is a line feed but the last one.
            matched = buffer[i] == RUN[matched] ? matched + 1 : buffer[i] == '\n' ? 1 : 0;
            if (matched == RUN.length) {
              int number = heard.getAndIncrement();
              if (number < heardAt.length()) {
                heardAt.set(number, System.nanoTime());
              }
              matched = 1;
            }
          }
        }
      } catch (IOException e) {
        // The benchmark is over; one that ended too soon has heard too little.
      }
    }
  }

  /** Opens so many connections; each is to hear so many events. */
  Listeners(int port, int count, int events) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket
          .getOutputStream()
          .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      Listener listener = new Listener(socket, events);
      all.add(listener);
      Thread.ofVirtual().start(listener::listen);
    }
    await().atMost(PATIENCE).until(() -> all.stream().allMatch(one -> one.bytes.get() > 0));
  }

  /** Waits until all have heard so many events of runs. */
  void awaitHeard(int events) {
    await().atMost(PATIENCE).until(() -> all.stream().allMatch(one -> one.heard.get() >= events));
  }

  /** The most and the fewest events that one has heard. */
  int[] heard() {
    return new int[] {
      all.stream().mapToInt(one -> one.heard.get()).min().orElse(0),
      all.stream().mapToInt(one -> one.heard.get()).max().orElse(0)
    };
  }

  /** The bytes that all together have read. */
  long bytes() {
    return all.stream().mapToLong(one -> one.bytes.get()).sum();
  }

  /** How long it took until an event was heard, over all events and connections, in ms. */
  double[] millisSince(long[] sentAt) {
    double[] millis = new double[sentAt.length * all.size()];
    int next = 0;
    for (Listener one : all) {
      for (int i = 0; i < sentAt.length; i++) {
        millis[next] = (one.heardAt.get(i) - sentAt[i]) / 1e6;
        next++;
      }
    }
    return millis;
  }

  @Override
  public void close() throws IOException {
    for (Listener one : all) {
      one.socket.close();
    }
  }
}
