package dev.pipewright.standalone.client;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.StatusView;
import dev.pipewright.protocol.json.Json;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright sources status}: where the statuses of a source go. */
@Command(
    name = "status",
    description = {
      "Says where the commit statuses of a source go; 'sources status remove' ends them.",
      "They begin with: pipewright sources add NAME --git URL --status-token-file FILE"
    },
    mixinStandardHelpOptions = true,
    subcommands = SourceStatusCommand.RemoveCommand.class)
final class SourceStatusCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "The source.", arity = "0..1")
  private String name = "";

  @Override
  public void run() {
    if (name.isEmpty()) {
      spec.commandLine().usage(spec.commandLine().getOut());
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    StatusView told = Json.read(server.connect().get(path(name)).body(), StatusView.class);
    server.tell(out, told, "Statuses go to " + told.api() + " for " + told.repository() + ".");
  }

  private static String path(String name) {
    return Routes.SOURCES + "/" + new SourceName(name) + "/statuses";
  }

  /** {@code pipewright sources status remove}: forgets the token. */
  @Command(
      name = "remove",
      description = "Forgets the token of a source, so that no commit statuses are sent any more.",
      mixinStandardHelpOptions = true)
  static final class RemoveCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "The source.")
    private String name = "";

    @Override
    public void run() {
      server.connect().delete(path(name));
      PrintWriter out = spec.commandLine().getOut();
      server.tell(
          out,
          Map.of("removed", name),
          name + " sends no statuses any more; its token is forgotten.");
    }
  }
}
