package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Phase;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pipewright pipelines}: Lists all pipelines and how they stand. */
@Command(
    name = "pipelines",
    description = "Lists all pipelines and how they stand.",
    mixinStandardHelpOptions = true)
public final class PipelinesCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Page<PipelineView> page =
        Json.read(
            server.connect().get(Routes.PIPELINES).body(),
            new Json.Generic<Page<PipelineView>>() {});
    server.list(
        out,
        page,
        "No pipelines yet. Register a repository and push to it: pipewright sources add",
        PipelinesCommand::row);
  }

  private static List<String> row(PipelineView pipeline) {
    return List.of(
        pipeline.name().toString(),
        pipeline.outcome() == null ? "-" : pipeline.outcome().name(),
        pipeline.state() == Phase.FINISHED ? "" : pipeline.state().name(),
        pipeline.source().toString());
  }
}
