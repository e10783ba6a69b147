package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PinView;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright pin}: Keeps a run when others of its age are removed. */
@Command(
    name = "pin",
    description = "Keeps a run when others of its age are removed; lists the pins without RUN.",
    mixinStandardHelpOptions = true)
public final class PinCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", arity = "0..1", description = "The run, such as shop#42.")
  private @Nullable String run;

  @Option(names = "--remove", description = "Take the pin away.")
  private boolean remove;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    HttpTransport http = server.connect();
    if (run == null) {
      if (remove) {
        throw new CommandException(
            "Name the run whose pin is to go: pipewright pin RUN --remove", 2);
      }
      list(http, out);
      return;
    }
    RunId id = RunId.parse(run);
    if (remove) {
      http.post(Routes.run(id, "unpin"), Map.of());
      server.tell(out, Map.of("unpinned", id), id + " is not pinned any more.");
      return;
    }
    PinView pin = Json.read(http.post(Routes.run(id, "pin"), Map.of()).body(), PinView.class);
    server.tell(
        out, pin, "Pinned " + id + ". It stays until: pipewright pin '" + id + "' --remove");
  }

  private void list(HttpTransport http, PrintWriter out) {
    Page<PinView> page =
        Json.read(http.get(Routes.PINS).body(), new Json.Generic<Page<PinView>>() {});
    server.list(out, page, "No run is pinned.", PinCommand::row);
  }

  private static List<String> row(PinView pin) {
    return List.of(
        pin.run().toString(),
        "pinned by %s at %s".formatted(Texts.line(pin.by(), 100), Texts.time(pin.at())));
  }
}
