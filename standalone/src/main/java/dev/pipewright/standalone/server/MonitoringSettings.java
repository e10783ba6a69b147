package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.state.http.CorsOrigins;
import dev.pipewright.state.metrics.GraphiteTarget;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server that say what monitoring gets. */
final class MonitoringSettings {
  @Option(
      names = "--graphite",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:PIPEWRIGHT_GRAPHITE}",
      description = "Send the metrics to this Graphite. Default: to none.")
  @Nullable String graphite;

  @Option(
      names = "--graphite-prefix",
      paramLabel = "PREFIX",
      defaultValue = "${env:PIPEWRIGHT_GRAPHITE_PREFIX:-}",
      description = "What their names begin with there, for instance ci.main. Default: nothing.")
  String graphitePrefix = "";

  @Option(
      names = "--graphite-every",
      paramLabel = "SECONDS",
      defaultValue = "${env:PIPEWRIGHT_GRAPHITE_EVERY:-60}",
      description = "How long between two sendings to Graphite. Default: ${DEFAULT-VALUE}.")
  long graphiteSeconds = 60;

  @Option(
      names = "--errored-is-exception",
      defaultValue = "${env:PIPEWRIGHT_ERRORED_IS_EXCEPTION:-false}",
      description =
          "Call runs that could not be done Exception in cctray, which some monitors hide, instead"
              + " of Failure.")
  boolean erroredIsException;

  @Option(
      names = "--cors-origins",
      paramLabel = "ORIGIN,...",
      defaultValue = "${env:PIPEWRIGHT_CORS_ORIGINS:-}",
      description =
          "Pages of other sites that may read the feeds in a browser, like https://wall.example; *"
              + " for all. Default: none.")
  String corsOrigins = "";

  /**
   * The pages of other sites that may read the feeds.
   *
   * @throws CommandException if the option names none
   */
  CorsOrigins origins() {
    try {
      return CorsOrigins.of(corsOrigins);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), 2);
    }
  }

  /**
   * Where the metrics are sent to; null for nowhere.
   *
   * @throws CommandException if the options name no place
   */
  @Nullable GraphiteTarget target() {
    if (graphite == null || graphite.isEmpty()) {
      return null;
    }
    try {
      return GraphiteTarget.of(graphite, graphitePrefix, graphiteSeconds);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--graphite: " + e.getMessage(), 2);
    }
  }
}
