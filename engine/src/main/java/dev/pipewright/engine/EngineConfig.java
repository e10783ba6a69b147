package dev.pipewright.engine;

import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is told what to do.
 *
 * @param server base URL of the server ({@code PIPEWRIGHT_SERVER})
 * @param run the run to do ({@code PIPEWRIGHT_RUN})
 * @param token allows this launch to report ({@code PIPEWRIGHT_RUN_TOKEN})
 * @param folder the folder of the run, with its workspace in it ({@code PIPEWRIGHT_WORKSPACE})
 * @param processes search path ({@code PATH}), home ({@code HOME}) and grace in seconds ({@code
 *     PIPEWRIGHT_GRACE}, 10 if not set)
 */
record EngineConfig(URI server, RunId run, String token, Path folder, ProcessConfig processes) {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  @Override
  public String toString() {
    return "EngineConfig[" + server + ", " + run + ", " + folder + "]";
  }

  /**
   * Reads the configuration.
   *
   * @throws IllegalArgumentException naming every problem
   */
  static EngineConfig from(Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    String server = required(environment, "PIPEWRIGHT_SERVER", problems);
    String run = required(environment, "PIPEWRIGHT_RUN", problems);
    String token = required(environment, "PIPEWRIGHT_RUN_TOKEN", problems);
    String workspace = required(environment, "PIPEWRIGHT_WORKSPACE", problems);
    Duration grace = grace(environment.get("PIPEWRIGHT_GRACE"), problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    try {
      return new EngineConfig(
          URI.create(server),
          RunId.parse(run),
          token,
          Path.of(workspace).toAbsolutePath().normalize(),
          processes(environment, grace));
    } catch (ProtocolException e) {
      throw new IllegalArgumentException("PIPEWRIGHT_RUN: " + e.getMessage(), e);
    }
  }

  /** The search path and home of the machine, for steps. */
  static ProcessConfig processes(Map<String, String> environment, Duration grace) {
    return new ProcessConfig(
        environment.getOrDefault("PATH", DEFAULT_PATH),
        environment.getOrDefault("HOME", "/"),
        grace);
  }

  private static String required(
      Map<String, String> environment, String name, List<String> problems) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      problems.add(name + " is not set. The Spawner sets it when it starts an engine.");
      return "";
    }
    return value;
  }

  private static Duration grace(@Nullable String seconds, List<String> problems) {
    if (seconds == null) {
      return ProcessConfig.GRACE;
    }
    try {
      return Duration.ofSeconds(Long.parseUnsignedLong(seconds));
    } catch (NumberFormatException e) {
      problems.add("PIPEWRIGHT_GRACE is a number of seconds, not '" + seconds + "'.");
      return ProcessConfig.GRACE;
    }
  }
}
