package dev.pipewright.standalone.client;

import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright runs}: Lists runs, newest first. */
@Command(name = "runs", description = "Lists runs, newest first.", mixinStandardHelpOptions = true)
public final class RunsCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "Only runs of this pipeline.")
  private @Nullable String pipeline;

  @Option(
      names = "--limit",
      paramLabel = "NUMBER",
      defaultValue = "20",
      description = "How many, at most 200. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (limit < 1 || limit > 200) {
      throw new CommandException("--limit is a number from 1 to 200, not " + limit + ".", 2);
    }
    String query = "?limit=" + limit;
    if (pipeline != null) {
      query += "&pipeline=" + UrlText.encoded(pipeline);
    }
    Page<RunSnapshot> page =
        Json.read(
            server.connect().get(Routes.RUNS + query).body(),
            new Json.Generic<Page<RunSnapshot>>() {});
    String none =
        pipeline == null
            ? "No runs yet. Push a commit to a source, or: pipewright start PIPELINE"
            : "No runs of '" + pipeline + "'. All pipelines: pipewright pipelines";
    server.list(out, page, none, RunTexts::row);
  }
}
