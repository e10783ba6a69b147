package dev.pipewright.standalone.client;

import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How long a command that follows a run waits for a server that went away. */
final class RetryOptions {
  private static final Pattern TIME = Pattern.compile("(\\d{1,5})([smh])");

  @Option(
      names = "--retry-for",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "When the connection breaks while this waits for a run: how long to try again, like 90s,"
              + " 10m or 2h, before giving up with exit code 1; 0s for not at all. Default: 10m.")
  private String retryFor = "10m";

  /**
   * A connection that outlasts a server that is started anew.
   *
   * @param err where it says that it is lost, and there again
   * @throws CommandException if the option says no time
   */
  SteadyConnection steady(HttpTransport http, PrintWriter err) {
    Matcher time = TIME.matcher(retryFor);
    if (!time.matches()) {
      throw new CommandException(
          "--retry-for is a time like 90s, 10m or 2h, or 0s, not '"
              + Texts.line(retryFor, 60)
              + "'.",
          2);
    }
    long count = Long.parseLong(time.group(1));
    Duration patience =
        switch (time.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          default -> Duration.ofHours(count);
        };
    return new SteadyConnection(
        http,
        patience,
        line -> {
          err.println("pipewright: " + line);
          err.flush();
        });
  }
}
