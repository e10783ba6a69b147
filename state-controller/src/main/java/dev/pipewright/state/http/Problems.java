package dev.pipewright.state.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where an exception becomes an answer. */
final class Problems {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  /** The media type of every problem. */
  static final String MEDIA = "application/problem+json";

  private static final String RETRY_AFTER_SECONDS = "5";

  private Problems() {}

  /** What the client is told; what it must not know is logged instead. */
  static Problem of(Throwable failure, String path) {
    if (failure instanceof ApiException api) {
      return api.problem();
    }
    if (failure instanceof ProtocolException protocol) {
      return Problem.of(Problem.Code.MALFORMED, String.valueOf(protocol.getMessage()), null);
    }
    if (failure instanceof StoreException) {
      log.atWarn().addKeyValue("path", path).setCause(failure).log("Store did not answer");
      return Problem.of(
          Problem.Code.UNAVAILABLE, "The store cannot be reached.", "Try again in a few seconds.");
    }
    if (failure instanceof IOException) {
      return Problem.of(
          Problem.Code.MALFORMED, "The body could not be read to its end.", "Send it again.");
    }
    log.atError().addKeyValue("path", path).setCause(failure).log("Request failed");
    return Problem.of(
        Problem.Code.INTERNAL, "Something went wrong here.", "The log of the server says what.");
  }

  /** A problem as an answer. */
  static Reply.Whole reply(Problem problem) {
    Map<String, String> headers =
        switch (problem.status()) {
          case 401 -> Map.of("WWW-Authenticate", "Basic realm=\"Pipewright\", charset=\"UTF-8\"");
          case 503 -> Map.of("Retry-After", RETRY_AFTER_SECONDS);
          default -> Map.of();
        };
    return new Reply.Whole(problem.status(), MEDIA, Json.bytes(problem), headers);
  }
}
