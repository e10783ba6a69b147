package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
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

/** {@code pipewright deliveries}: Lists received webhooks, or shows one. */
@Command(
    name = "deliveries",
    description =
        "Lists the newest 50 received webhooks, or shows one; 'deliveries replay' has one worked on"
            + " again.",
    mixinStandardHelpOptions = true,
    subcommands = DeliveriesCommand.ReplayCommand.class)
public final class DeliveriesCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "Only this delivery, with all that is known of it, as JSON.")
  private @Nullable String id;

  @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
  private @Nullable String source;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (id != null) {
      server.print(out, Json.read(server.connect().get(path(id)).body(), DeliveryView.class));
      return;
    }
    String query = source == null ? "" : "?source=" + new SourceName(source);
    Page<DeliveryView> page =
        Json.read(
            server.connect().get(Routes.DELIVERIES + query).body(),
            new Json.Generic<Page<DeliveryView>>() {});
    server.list(
        out,
        page,
        "No webhooks yet. 'pipewright sources add' says how to send them.",
        DeliveriesCommand::row);
  }

  private static String path(String id) {
    return Routes.DELIVERIES + "/" + UrlText.encoded(id);
  }

  static List<String> row(DeliveryView delivery) {
    String why = delivery.problem() == null ? delivery.reason() : delivery.problem();
    return List.of(
        Texts.line(delivery.id(), 60),
        delivery.verdict().name(),
        delivery.state().name(),
        Texts.time(delivery.receivedAt()),
        runs(delivery),
        Texts.line(why, 100));
  }

  private static String runs(DeliveryView delivery) {
    if (!delivery.runs().isEmpty()) {
      return String.join(", ", delivery.runs().stream().map(RunId::toString).toList());
    }
    if (delivery.nextAttemptAt() != null) {
      return "attempt %d at %s"
          .formatted(delivery.attempts() + 1, Texts.time(delivery.nextAttemptAt()));
    }
    return delivery.state().isOver() ? "no run" : "no run yet";
  }

  /** {@code pipewright deliveries replay}: has a delivery worked on again. */
  @Command(
      name = "replay",
      description = {
        "Has a delivery worked on again.",
        "What has led to a run leads to the same run; what failed is tried again."
      },
      mixinStandardHelpOptions = true)
  static final class ReplayCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The delivery, by its id or the forge's own.")
    private String id = "";

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      DeliveryView view =
          Json.read(
              server.connect().post(path(id) + "/replay", Map.of()).body(), DeliveryView.class);
      server.tell(out, view, "Replayed. See: pipewright deliveries " + Texts.line(view.id(), 200));
    }
  }
}
