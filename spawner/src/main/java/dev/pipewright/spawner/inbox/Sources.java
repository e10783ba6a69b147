package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.client.WorkClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of sources, asked for at most every two seconds, so that a burst of deliveries does
 * not become a burst of questions. That a name is unknown is remembered for a moment only, as the
 * source may be about to be added. Thread-safe.
 */
final class Sources {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration UNKNOWN_FRESH = Duration.ofMillis(200);
  private static final int LIMIT = 2000;

  private final WorkClient client;
  private final InstantSource clock;
  private final Map<SourceName, Known> known = new LinkedHashMap<>();

  Sources(WorkClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  private record Known(Optional<SourceWithSecret> source, Instant until) {}

  /**
   * The source with this name, if there is one.
   *
   * @throws ApiException if the State-Controller cannot say
   * @throws java.io.UncheckedIOException if it cannot be reached
   */
  Optional<SourceWithSecret> find(String text) {
    SourceName name;
    try {
      name = new SourceName(text);
    } catch (ProtocolException e) {
      return Optional.empty();
    }
    Known remembered = remembered(name);
    if (remembered != null && remembered.until().isAfter(clock.instant())) {
      return remembered.source();
    }
    Optional<SourceWithSecret> source = ask(name);
    Duration fresh = source.isPresent() ? FRESH : UNKNOWN_FRESH;
    remember(name, new Known(source, clock.instant().plus(fresh)));
    return source;
  }

  private Optional<SourceWithSecret> ask(SourceName name) {
    try {
      return Optional.of(client.source(name));
    } catch (ApiException e) {
      if (e.is(Problem.Code.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private synchronized @Nullable Known remembered(SourceName name) {
    return known.get(name);
  }

  private synchronized void remember(SourceName name, Known answer) {
    if (known.size() >= LIMIT) {
      known.clear();
    }
    known.put(name, answer);
  }
}
