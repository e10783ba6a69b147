package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright show}: Shows a run with its steps. */
@Command(
    name = "show",
    description = "Shows a run with its steps, what it waits for, and its attempts.",
    mixinStandardHelpOptions = true)
public final class ShowCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Option(names = "--attempt", paramLabel = "N", description = "This attempt. Default: the last.")
  private @Nullable Integer attempt;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    RunId id = RunId.parse(run);
    HttpTransport http = server.connect();
    RunSnapshot found = Json.read(http.get(Routes.run(id, "")).body(), RunSnapshot.class);
    if (attempt != null && attempt != found.attempt()) {
      found = Json.read(http.get(Routes.run(id, "attempts/" + attempt)).body(), RunSnapshot.class);
    }
    if (server.json()) {
      server.print(out, found);
    } else {
      RunTexts.lines(found).forEach(out::println);
    }
  }
}
