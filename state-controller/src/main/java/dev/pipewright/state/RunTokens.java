package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The run tokens that are believed, by their hash. Tokens of replaced launches stay known until the
 * run is forgotten, so that a late engine learns that it was fenced. Thread-safe.
 */
final class RunTokens {
  /** The launch a token was made for. */
  record Launch(RunId run, long fence) {}

  private final ConcurrentMap<String, Launch> launches = new ConcurrentHashMap<>();

  void know(String hash, RunId run, long fence) {
    launches.put(hash, new Launch(run, fence));
  }

  Optional<Launch> of(String token) {
    return Optional.ofNullable(launches.get(Hashes.of(token)));
  }

  /** No token of this run is believed any more. */
  void forget(RunId run) {
    launches.values().removeIf(launch -> launch.run().equals(run));
  }
}
