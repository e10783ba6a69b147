package dev.pipewright.standalone.server;

import dev.pipewright.spawner.docker.Isolation;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.standalone.CommandException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server that say what a run may use, and how it is kept apart. */
final class LimitSettings {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([kmg])");

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "${env:PIPEWRIGHT_MEMORY:-4g}",
      description =
          "Memory of each container, without swap, like 512m or 4g; a pipeline may ask for less by"
              + " memory(...). Default: ${DEFAULT-VALUE}.")
  String memory = "4g";

  @Option(
      names = "--cpus",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_CPUS:-0}",
      description = "Processors' worth of time of each container; 0 for all. Default: 0.")
  double cpus;

  @Option(
      names = "--processes",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_PROCESSES:-2048}",
      description = "Processes and threads of each container at once. Default: ${DEFAULT-VALUE}.")
  long processes = 2048;

  @Option(
      names = "--disk",
      paramLabel = "SIZE",
      defaultValue = "${env:PIPEWRIGHT_DISK:-20g}",
      description =
          "Disk of each run, like 512m or 20g: its workspace and what it writes beside it."
              + " Default: ${DEFAULT-VALUE}.")
  String disk = "20g";

  @Option(
      names = "--engine-output",
      paramLabel = "SIZE",
      defaultValue = "${env:PIPEWRIGHT_ENGINE_OUTPUT:-16m}",
      description =
          "What an engine itself, or a service, may print, like 16m; steps have a limit of their own."
              + " Default: ${DEFAULT-VALUE}.")
  String engineOutput = "16m";

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      defaultValue = "${env:PIPEWRIGHT_TIME_LIMIT:-1d}",
      description =
          "How long a run may take at a stretch, like 90s, 30m, 2h or 1d; a pipeline may ask for less."
              + " Default: ${DEFAULT-VALUE}.")
  String timeLimit = "1d";

  @Option(
      names = "--start-deadline",
      paramLabel = "TIME",
      defaultValue = "${env:PIPEWRIGHT_START_DEADLINE:-2m}",
      description =
          "How long a started engine has until it first reports, like 90s or 2m."
              + " Default: ${DEFAULT-VALUE}.")
  String startDeadline = "2m";

  @Option(
      names = "--read-only-root",
      defaultValue = "${env:PIPEWRIGHT_READ_ONLY_ROOT:-false}",
      description =
          "Let engines and steps write only to the workspace and a small /tmp. Not for services.")
  boolean readOnlyRoot;

  @Option(
      names = "--runtime",
      paramLabel = "NAME",
      defaultValue = "${env:PIPEWRIGHT_RUNTIME}",
      description =
          "What the Docker daemon runs containers with, like runsc. Default: the daemon's own.")
  @Nullable String runtime;

  @Option(
      names = "--host-access",
      defaultValue = "${env:PIPEWRIGHT_HOST_ACCESS:-false}",
      description = "Let runs reach all ports of this machine, and metadata addresses of a cloud.")
  boolean hostAccess;

  @Option(
      names = "--foreign-network",
      paramLabel = "none|own",
      defaultValue = "${env:PIPEWRIGHT_FOREIGN_NETWORK:-none}",
      description =
          "What runs of foreign commits reach until somebody approves them: none for the server"
              + " alone, own for the internet as well, apart from other runs. Default: none.")
  String foreignNetwork = "none";

  @Option(
      names = "--foreign-runtime",
      paramLabel = "NAME",
      defaultValue = "${env:PIPEWRIGHT_FOREIGN_RUNTIME}",
      description =
          "What the Docker daemon runs the containers of such runs with, like runsc. Default: as"
              + " --runtime.")
  @Nullable String foreignRuntime;

  /**
   * Refuses values that cannot be meant.
   *
   * @throws CommandException naming the option
   */
  void check() {
    limits();
    isolation();
    longestRun();
    longestStart();
  }

  /**
   * How runs are kept apart.
   *
   * @throws CommandException if an option is not what it should be
   */
  Isolation isolation() {
    boolean wayOut =
        switch (foreignNetwork) {
          case "none" -> false;
          case "own" -> true;
          default ->
              throw new CommandException(
                  "--foreign-network is none or own, not '" + foreignNetwork + "'.", 2);
        };
    return new Isolation(
        readOnlyRoot, runtime, hostAccess, new Isolation.Foreign(wayOut, foreignRuntime));
  }

  /**
   * What a run may use.
   *
   * @throws CommandException if an option is not what it should be
   */
  Limits limits() {
    if (cpus < 0 || processes < 1) {
      throw new CommandException("--cpus and --processes are not negative.", 2);
    }
    return new Limits(
        bytes("--memory", memory),
        processes,
        cpus == 0 ? Runtime.getRuntime().availableProcessors() : cpus,
        bytes("--disk", disk),
        bytes("--engine-output", engineOutput));
  }

  /**
   * How long a run may take.
   *
   * @throws CommandException if the option says no time
   */
  Duration longestRun() {
    return ServerSettings.time("--time-limit", timeLimit);
  }

  /**
   * How long an engine has to begin.
   *
   * @throws CommandException if the option says no time
   */
  Duration longestStart() {
    return ServerSettings.time("--start-deadline", startDeadline);
  }

  private static long bytes(String option, String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
      throw new CommandException(option + " is a size like 512m or 4g, not '" + text + "'.", 2);
    }
    long count = Long.parseLong(size.group(1));
    return switch (size.group(2)) {
      case "k" -> count << 10;
      case "m" -> count << 20;
      default -> count << 30;
    };
  }
}
