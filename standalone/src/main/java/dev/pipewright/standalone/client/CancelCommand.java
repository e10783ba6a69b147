package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright cancel}: Cancels a run. */
@Command(name = "cancel", description = "Cancels a run.", mixinStandardHelpOptions = true)
public final class CancelCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the others.")
  private String reason = "";

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    RunId id = RunId.parse(run);
    HttpTransport http = server.connect();
    http.post(Routes.run(id, "cancel"), Map.of("reason", reason));
    if (server.json()) {
      server.print(out, Json.read(http.get(Routes.run(id, "")).body(), RunSnapshot.class));
      return;
    }
    out.println("Asked to cancel " + id + ". See how it ends with: pipewright show '" + id + "'");
  }
}
