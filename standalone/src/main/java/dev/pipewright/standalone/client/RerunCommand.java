package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright rerun}: Makes another attempt of a finished run. */
@Command(
    name = "rerun",
    description = "Makes another attempt of a finished run, from the start or from a step.",
    mixinStandardHelpOptions = true)
public final class RerunCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final RetryOptions retry = new RetryOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Option(
      names = "--from",
      paramLabel = "STEP",
      description = "Begin at this step and keep what the steps before it left.")
  private @Nullable String from;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the others.")
  private @Nullable String reason;

  @Option(names = "--wait", description = "Wait for the end; exit code 0 only if it succeeded.")
  private boolean wait;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    HttpTransport http = server.connect();
    SteadyConnection steady = retry.steady(http, spec.commandLine().getErr()).reached();
    RunId id = RunId.parse(run);
    RerunRequest wanted = new RerunRequest(from == null ? null : new StepPath(from), reason);
    RunSnapshot again =
        Json.read(http.post(Routes.run(id, "rerun"), wanted).body(), RunSnapshot.class);
    if (!server.json()) {
      out.printf("%s, attempt %d%n", again.id(), again.attempt());
    }
    if (wait) {
      again = Follow.untilFinished(steady, id, line -> tell(out, line));
    }
    if (server.json()) {
      server.print(out, again);
    }
    return !wait || Follow.succeeded(again) ? 0 : 1;
  }

  private void tell(PrintWriter out, String line) {
    if (!server.json()) {
      out.println(line);
    }
  }
}
