package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a server, each also readable from the environment as {@code PIPEWRIGHT_*}. */
final class ServerSettings {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smhd])");
  private static final int LAST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_PORT:-8080}",
      description = "Where to listen; 0 for a free port. Default: ${DEFAULT-VALUE}.")
  int port = 8080;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "${env:PIPEWRIGHT_HOST:-0.0.0.0}",
      description =
          "The address to listen on. Containers reach the server through it. Default: ${DEFAULT-VALUE}.")
  String host = "0.0.0.0";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:PIPEWRIGHT_DATA:-pipewright-data}",
      description = "Where everything is kept. Default: ./pipewright-data.")
  Path data = Path.of("pipewright-data");

  @Option(
      names = "--launcher",
      paramLabel = "KIND",
      defaultValue = "${env:PIPEWRIGHT_LAUNCHER:-auto}",
      description =
          "auto, docker or process. 'process' isolates nothing: only for code you trust. Default: auto.")
  LauncherKind launcher = LauncherKind.auto;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      defaultValue = "${env:PIPEWRIGHT_IMAGE:-debian:bookworm-slim}",
      description = "The base image of pipelines that name none. Default: ${DEFAULT-VALUE}.")
  String image = "debian:bookworm-slim";

  @Option(
      names = "--mongo",
      paramLabel = "URI",
      defaultValue = "${env:PIPEWRIGHT_MONGO}",
      description = "A MongoDB to keep state in. Default: an embedded store in the data folder.")
  @Nullable String mongo;

  @Option(
      names = "--maven-repository",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_MAVEN_REPOSITORY}",
      description =
          "Where the libraries of //DEPS lines come from. Default: Maven's own, or its mirror in"
              + " Maven's settings.xml.")
  @Nullable String mavenRepository;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_PUBLIC_URL}",
      description = "How others reach this server. Default: http://localhost:PORT.")
  @Nullable String publicUrl;

  @Option(
      names = "--max-runs",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_MAX_RUNS:-0}",
      description =
          "How many runs at a time; 0 for twice the processors. Default: ${DEFAULT-VALUE}.")
  int maxRuns;

  @Option(
      names = "--max-total-runs",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_MAX_TOTAL_RUNS:-0}",
      description =
          "How many runs at a time on all machines together; 0 for as many as they take."
              + " Default: ${DEFAULT-VALUE}.")
  int maxTotalRuns;

  @Option(
      names = "--pool",
      paramLabel = "NUMBER",
      defaultValue = "${env:PIPEWRIGHT_POOL:-0}",
      description =
          "How many engines wait, started, for the next runs; with the docker launcher only."
              + " Default: ${DEFAULT-VALUE}.")
  int pool;

  @Option(
      names = "--workspace-keep",
      paramLabel = "TIME",
      defaultValue = "${env:PIPEWRIGHT_WORKSPACE_KEEP:-2h}",
      description =
          "How long the workspace of a run that ended badly is kept, like 90s, 30m, 2h or 1d."
              + " Default: ${DEFAULT-VALUE}.")
  String workspaceKeep = "2h";

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "${env:PIPEWRIGHT_GRACE:-30}",
      description =
          "How long ending may take after SIGTERM; runs go on meanwhile. Default: ${DEFAULT-VALUE}.")
  int grace = 30;

  @Option(
      names = "--engine-url",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_ENGINE_URL}",
      description =
          "How engines reach this server; {gateway} is this machine as containers see it."
              + " Default: directly.")
  @Nullable String engineUrl;

  @Option(
      names = "--reconcile",
      paramLabel = "SECONDS",
      defaultValue = "${env:PIPEWRIGHT_RECONCILE:-300}",
      description =
          "How long between two looks for commits whose webhook was missed; 0 for none."
              + " Default: ${DEFAULT-VALUE}.")
  int reconcileSeconds = 300;

  @Option(
      names = "--closed-reads",
      defaultValue = "${env:PIPEWRIGHT_CLOSED_READS:-false}",
      description = "Ask for a token for reading, too.")
  boolean closedReads;

  @Option(
      names = "--admin-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:PIPEWRIGHT_ADMIN_TOKEN}",
      description =
          "The administrator's token, at least 20 characters. Default: made and printed at the first"
              + " start.")
  @Nullable String adminToken;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:PIPEWRIGHT_CONFIG}",
      description = "A file with these options, in lines like port=9090.")
  @Nullable Path config;

  @Mixin final LimitSettings limits = new LimitSettings();
  @Mixin final MonitoringSettings monitoring = new MonitoringSettings();

  @Mixin final KeepSettings keep = new KeepSettings();
  @Mixin final ImageSettings images = new ImageSettings();
  @Mixin final OidcSettings oidc = new OidcSettings();

  /**
   * Refuses values that cannot be meant, before anything is made or opened.
   *
   * @throws CommandException naming the option
   */
  void check() {
    if (port < 0 || port > LAST_PORT) {
      throw new CommandException(
          "--port is a number from 1 to " + LAST_PORT + ", or 0 for a free one, not " + port + ".",
          2);
    }
    notNegative("--max-runs", maxRuns);
    notNegative("--max-total-runs", maxTotalRuns);
    notNegative("--pool", pool);
    notNegative("--grace", grace);
    notNegative("--reconcile", reconcileSeconds);
    time("--workspace-keep", workspaceKeep);
    limits.check();
    monitoring.target();
    monitoring.origins();
    keep.rule();
    images.cleaned();
    images.registry();
  }

  private static void notNegative(String option, int number) {
    if (number < 0) {
      throw new CommandException(option + " is not negative, but it was " + number + ".", 2);
    }
  }

  /** How many runs at a time. */
  int maximumRuns() {
    return maxRuns > 0 ? maxRuns : Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
  }

  /** How long ending may take. */
  Duration timeToEnd() {
    return Duration.ofSeconds(Math.max(1, grace));
  }

  /** How many runs at a time on all machines together. */
  int maximumTotalRuns() {
    return maxTotalRuns > 0 ? maxTotalRuns : Integer.MAX_VALUE;
  }

  /**
   * How long between two looks at the refs of a source.
   *
   * @throws CommandException if the option says no time
   */
  Duration reconcileEvery() {
    if (reconcileSeconds < 0) {
      throw new CommandException("--reconcile is a number of seconds, or 0.", 2);
    }
    return Duration.ofSeconds(reconcileSeconds);
  }

  /**
   * How long workspaces are kept.
   *
   * @throws CommandException if the option says no time
   */
  Duration workspacesKept() {
    return time("--workspace-keep", workspaceKeep);
  }

  /**
   * A time an option says.
   *
   * @throws CommandException if it says none
   */
  static Duration time(String option, String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new CommandException(
          option + " is a time like 90s, 30m, 2h or 1d, not '" + text + "'.", 2);
    }
    long count = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
