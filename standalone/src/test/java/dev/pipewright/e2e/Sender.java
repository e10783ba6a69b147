package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A forge: tells of pushes in signed deliveries, and delivers again what was not answered with 2xx,
 * under the same id. Thread-safe.
 */
final class Sender implements AutoCloseable {
  static final String SECRET = "secret-of-the-hook";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 200;

  private final URI server;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final AtomicInteger repeated = new AtomicInteger();

  Sender(URI server) {
    this.server = server;
  }

  /** How often something had to be delivered again. */
  int repeated() {
    return repeated.get();
  }

  /** Delivers until it is taken; the commit is the id of the delivery, too. */
  void deliver(String source, String ref, String commit) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (attempt(source, ref, commit, commit) / 100 != 2) {
      repeated.incrementAndGet();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Nobody took the delivery of " + commit + ".");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Delivers once; the status of the answer, 0 if there was none. */
  int attempt(String source, String ref, String commit, String id) {
    byte[] body = ("0".repeat(40) + " " + commit + " " + ref + "\n").getBytes(UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/hooks/" + source))
            .timeout(ANSWER)
            .header("Content-Type", "text/plain; charset=utf-8")
            .header("X-Pipewright-Delivery", id)
            .header("X-Hub-Signature-256", "sha256=" + signature(body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String signature(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
