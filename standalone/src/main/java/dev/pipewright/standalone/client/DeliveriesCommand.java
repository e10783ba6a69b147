package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright deliveries}: Lists received webhooks, or shows one. */
@Command(
    name = "deliveries",
    description = "Lists received webhooks, or shows one.",
    mixinStandardHelpOptions = true)
public final class DeliveriesCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this delivery.")
  private @Nullable String id;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (id != null) {
      String path = Routes.DELIVERIES + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
      server.print(out, Json.read(server.connect().get(path).body(), DeliveryView.class));
      return;
    }
    Page<DeliveryView> page =
        Json.read(
            server.connect().get(Routes.DELIVERIES).body(),
            new Json.Generic<Page<DeliveryView>>() {});
    if (server.json()) {
      server.print(out, page);
      return;
    }
    if (page.items().isEmpty()) {
      out.println("No webhooks yet. 'pipewright sources add' says how to send them.");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (DeliveryView delivery : page.items()) {
      rows.add(
          List.of(
              Texts.line(delivery.id(), 60),
              delivery.verdict().name(),
              Texts.time(delivery.receivedAt()),
              runs(delivery),
              Texts.line(
                  delivery.problem() == null ? delivery.reason() : delivery.problem(), 100)));
    }
    Texts.table(rows).forEach(out::println);
  }

  private static String runs(DeliveryView delivery) {
    if (delivery.runs().isEmpty()) {
      return delivery.state() == DeliveryState.DONE ? "no run" : delivery.state().name();
    }
    return String.join(", ", delivery.runs().stream().map(RunId::toString).toList());
  }
}
