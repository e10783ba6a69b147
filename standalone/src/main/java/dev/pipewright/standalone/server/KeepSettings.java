package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.state.KeepRule;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of a server that say how long finished runs are kept. */
final class KeepSettings {
  @Option(
      names = "--keep-runs",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_KEEP_RUNS:-500}",
      description =
          "How many of the newest runs of each pipeline are kept, with output and files; 0 for"
              + " all. Default: ${DEFAULT-VALUE}.")
  int runs = KeepRule.USUAL_RUNS;

  @Option(
      names = "--keep-days",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_KEEP_DAYS:-0}",
      description =
          "After how many days finished runs are removed; 0 for never. Default: ${DEFAULT-VALUE}.")
  int days;

  /**
   * What is kept.
   *
   * @throws CommandException if the options make no sense
   */
  KeepRule rule() {
    try {
      return KeepRule.configured(runs, Duration.ofDays(days));
    } catch (IllegalArgumentException e) {
      throw new CommandException("--keep-runs and --keep-days: " + e.getMessage(), 2);
    }
  }
}
