package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.AuditEntry;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright audit}: lists what people changed. */
@Command(
    name = "audit",
    description = "Lists what people changed or tried to change, newest first.",
    mixinStandardHelpOptions = true)
public final class AuditCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--limit",
      paramLabel = "NUMBER",
      defaultValue = "50",
      description = "How many entries, at most 500. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Only those before this one; the list ends with the one to give.")
  private @Nullable Long after;

  @Override
  public void run() {
    if (limit < 1 || limit > 500) {
      throw new CommandException("--limit is a number from 1 to 500, not " + limit + ".", 2);
    }
    PrintWriter out = spec.commandLine().getOut();
    String path = Routes.AUDIT + "?limit=" + limit + (after == null ? "" : "&after=" + after);
    Page<AuditEntry> page =
        Json.read(server.connect().get(path).body(), new Json.Generic<Page<AuditEntry>>() {});
    server.list(out, page, "Nobody has changed anything.", AuditCommand::row);
    if (!server.json() && page.next() != null) {
      out.println("There is more: --after " + page.next());
    }
  }

  static List<String> row(AuditEntry entry) {
    return List.of(
        Texts.time(entry.at()),
        Texts.line(entry.who(), 100),
        Texts.line(entry.what(), 100),
        Texts.line(entry.target(), 100),
        entry.status() < 400 ? "done" : "refused with " + entry.status(),
        "from " + Texts.line(entry.from(), 60));
  }
}
