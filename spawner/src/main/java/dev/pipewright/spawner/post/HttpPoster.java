package dev.pipewright.spawner.post;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Posts to servers outside, each within a time limit. Follows no redirects, as the credentials are
 * for the configured server alone, and reads no more of an answer than it needs. Thread-safe.
 */
public final class HttpPoster implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MOST_READ = 8 * 1024;

  private final HttpClient http;
  private final Duration limit;
  private final InstantSource clock;

  /** A poster whose requests may take {@code limit} altogether. */
  public HttpPoster(Duration limit, InstantSource clock) {
    this.clock = clock;
    this.limit = limit;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /**
   * Posts, and says what came of it.
   *
   * @param isKnown whether an answer other than 2xx means that the receiver has it already
   */
  public Sent send(Post post, Predicate<Answer> isKnown) throws InterruptedException {
    try {
      Answer answer = post(post);
      return isKnown.test(answer) ? Sent.done() : Sent.of(post, answer, clock.instant());
    } catch (IOException e) {
      return Sent.later(
          "%s could not be reached: %s.".formatted(post.receiver(), words(e)), post.secrets());
    } catch (IllegalArgumentException e) {
      return Sent.refused(post.receiver() + " has no address one can post to.", post.secrets());
    }
  }

  private static String words(IOException fault) {
    return fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
  }

  private Answer post(Post post) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(post.url())
            .timeout(limit)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Pipewright")
            .POST(BodyPublishers.ofByteArray(post.body()));
    post.headers().forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request.build(), info -> new FirstBytes(MOST_READ));
    try {
      return answer(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      boolean unused = answer.cancel(true);
    }
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return new Answer(response.statusCode(), headers, response.body());
  }

  /** Lets go of all connections; requests under way are broken off. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
