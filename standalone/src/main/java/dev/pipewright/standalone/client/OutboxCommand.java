package dev.pipewright.standalone.client;

import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright outbox}: Lists what was told to forges and people. */
@Command(
    name = "outbox",
    description = {
      "Lists the newest 50 commit statuses and notifications, sent or not.",
      "'outbox retry' has one that was refused, or waits, tried at once."
    },
    mixinStandardHelpOptions = true,
    subcommands = OutboxCommand.RetryCommand.class)
public final class OutboxCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Page<OutboxView> page =
        Json.read(
            server.connect().get(Routes.OUTBOX).body(), new Json.Generic<Page<OutboxView>>() {});
    server.list(
        out,
        page,
        "Nobody was told anything. 'pipewright sources add --help' says how forges are.",
        OutboxCommand::row);
  }

  private static List<String> row(OutboxView message) {
    String reason = message.reason();
    return List.of(
        Texts.line(message.run().toString(), 60),
        message.kind(),
        Texts.line(message.target(), 50),
        message.state().name(),
        Texts.time(message.since()),
        Texts.line(reason == null ? message.text() : reason, 120),
        Texts.line(message.id(), 120));
  }

  /** {@code pipewright outbox retry}: has a message tried at once. */
  @Command(
      name = "retry",
      description = {
        "Has a message that was refused, or waits for its next attempt, tried at once.",
        "A status is not, once something later was told of the same commit."
      },
      mixinStandardHelpOptions = true)
  static final class RetryCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The message, as 'outbox' lists it.")
    private String id = "";

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      OutboxView message =
          Json.read(
              server
                  .connect()
                  .post(Routes.OUTBOX + "/" + UrlText.encoded(id) + "/retry", Map.of())
                  .body(),
              OutboxView.class);
      server.tell(out, message, "It is tried again. See: pipewright outbox");
    }
  }
}
