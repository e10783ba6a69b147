package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.standalone.CommandException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads from a server that may go and come back, for who follows a run: whatever is asked is asked
 * again until it is answered as a whole, so nothing is told twice and nothing is missed. Confined
 * to one thread.
 */
final class SteadyConnection {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** What stands before a server answers so while there is none behind it. */
  private static final Set<Integer> AWAY = Set.of(502, 503, 504);

  private final HttpTransport http;
  private final Duration patience;
  private final Consumer<String> told;
  private boolean reached;

  /**
   * @param patience how long the server may be away; zero for not at all
   * @param told hears once that the connection is lost, and once that it is there again
   */
  SteadyConnection(HttpTransport http, Duration patience, Consumer<String> told) {
    this.http = http;
    this.patience = patience;
    this.told = told;
  }

  /** Says that the server was reached, so that it is waited for from now on. */
  SteadyConnection reached() {
    reached = true;
    return this;
  }

  /** The body of the answer for a path. See {@link #get(String, Duration)}. */
  byte[] get(String path) {
    return get(path, Duration.ZERO);
  }

  /**
   * The body of the answer for a path that may take {@code longer} than usual.
   *
   * @throws ApiException if the server answers with a problem
   * @throws UncheckedIOException if the server was not reached yet, or is not waited for
   * @throws CommandException if it was away for too long; with exit code 130 if interrupted
   */
  byte[] get(String path, Duration longer) {
    try {
      byte[] body = http.get(path, longer).body();
      reached = true;
      return body;
    } catch (UncheckedIOException | ApiException e) {
      if (!isLost(e) || !reached || patience.isZero()) {
        throw e;
      }
      told.accept(
          "The connection is lost: %s Trying again for %s; Ctrl-C ends."
              .formatted(sentence(e), time(patience)));
      byte[] body = again(path, longer);
      told.accept("Connected again.");
      return body;
    }
  }

  private byte[] again(String path, Duration longer) {
    long lost = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      Pause.of(pause);
      try {
        return http.get(path, longer).body();
      } catch (UncheckedIOException | ApiException e) {
        if (!isLost(e)) {
          throw e;
        }
        if (System.nanoTime() - lost > patience.toNanos()) {
          throw new CommandException(
              "The server did not come back within %s: %s Not all was told; the run goes on without you."
                  .formatted(time(patience), sentence(e)));
        }
      }
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private static boolean isLost(RuntimeException e) {
    return !(e instanceof ApiException problem) || AWAY.contains(problem.problem().status());
  }

  /** Like 10m or 1h30m. */
  private static String time(Duration patience) {
    return patience.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String sentence(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }
}
