package dev.pipewright.state.oidc;

import static dev.pipewright.state.oidc.OidcException.Kind.AWAY;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is reached: no answer takes longer than ten seconds from the beginning to its end,
 * none is larger than 1 MiB, and none leads elsewhere. Blocks. Thread-safe.
 */
final class ProviderHttp implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long LARGEST = 1024 * 1024;

  private final String host;
  private final Duration limit;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param host the provider as people know it
   */
  ProviderHttp(String host) {
    this(host, LIMIT);
  }

  ProviderHttp(String host, Duration limit) {
    this.host = host;
    this.limit = limit;
  }

  /**
   * Gets a text.
   *
   * @param what what it is, for the message
   * @throws OidcException AWAY if it cannot be had
   */
  String get(URI address, String what) throws OidcException {
    return text(
        send(HttpRequest.newBuilder(address).header("Accept", "application/json").build()), what);
  }

  /**
   * The text of an answer that is one.
   *
   * @throws OidcException AWAY if its status is not 200
   */
  String text(HttpResponse<byte[]> answer, String what) throws OidcException {
    if (answer.statusCode() != 200) {
      throw away("answered with status %d for %s".formatted(answer.statusCode(), what), null);
    }
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /**
   * Sends a request and waits for all of the answer, whatever its status.
   *
   * @throws OidcException AWAY if there is none within the limits
   */
  HttpResponse<byte[]> send(HttpRequest request) throws OidcException {
    var answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean unused = answer.cancel(true);
      throw away("did not answer within %d seconds".formatted(limit.toSeconds()), e);
    } catch (ExecutionException e) {
      throw away(
          e.getCause() instanceof IOException ? "cannot be reached" : "did not answer well",
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away("was not waited for", e);
    }
  }

  /** What is thrown when the provider does not do what it should. */
  OidcException away(String what, @Nullable Throwable cause) {
    String words = "%s %s.".formatted(host, what);
    return cause == null ? new OidcException(AWAY, words) : new OidcException(AWAY, words, cause);
  }

  /** Ends what is being asked. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
