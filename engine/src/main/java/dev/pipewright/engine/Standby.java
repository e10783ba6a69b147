package dev.pipewright.engine;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.EngineJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * An engine that was started before there is a run for it. It holds no token and no run until it is
 * told both, as one line of JSON on its standard input: an object of settings by the names of
 * environment variables, which are added to those it was started with. When its input ends without
 * a whole line, nobody is there any more who could tell it, and it ends.
 */
final class Standby {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int LONGEST = 64 * 1024;

  private final Map<String, String> environment;
  private final InputStream in;

  Standby(Map<String, String> environment, InputStream in) {
    this.environment = environment;
    this.in = in;
  }

  /** Goes once through everything a run needs; where that fails, the run is only slower. */
  void warmUp(ExecutorService pumps) throws InterruptedException {
    try {
      WarmUp.run(pumps);
      String server = environment.get("PIPEWRIGHT_SERVER");
      if (server != null) {
        new HttpTransport(URI.create(server), null, TIMEOUT).get("/health/live");
      }
    } catch (IOException | UncheckedIOException | ApiException | IllegalArgumentException e) {
      System.err.println("Could not warm up: " + e.getMessage());
    }
  }

  /**
   * Waits for the settings of the run; empty if the input ended before.
   *
   * @throws dev.pipewright.protocol.ProtocolException if the line holds something else
   */
  Optional<Map<String, String>> settings() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return Optional.empty();
      }
      if (line.size() == LONGEST) {
        throw new IOException("they are longer than " + LONGEST + " bytes.");
      }
      line.write(next);
    }
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(EngineJson.settings(line.toByteArray()));
    return Optional.of(all);
  }
}
