package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright show}: Shows a run with its steps. */
@Command(
    name = "show",
    description = "Shows a run with its steps.",
    mixinStandardHelpOptions = true)
public final class ShowCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    RunSnapshot found =
        Json.read(server.connect().get(Routes.run(RunId.parse(run), "")).body(), RunSnapshot.class);
    if (server.json()) {
      server.print(out, found);
    } else {
      RunTexts.lines(found).forEach(out::println);
    }
  }
}
