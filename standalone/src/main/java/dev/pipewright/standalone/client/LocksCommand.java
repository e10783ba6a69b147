package dev.pipewright.standalone.client;

import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright locks}: Lists locks: who holds them and who waits. */
@Command(
    name = "locks",
    description = "Lists locks, who holds them and who waits; 'locks release' takes one away.",
    mixinStandardHelpOptions = true,
    subcommands = LocksCommand.ReleaseCommand.class)
public final class LocksCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Page<LockView> page =
        Json.read(server.connect().get(Routes.LOCKS).body(), new Json.Generic<Page<LockView>>() {});
    server.list(out, page, "No lock is held or wanted.", LocksCommand::row);
  }

  static List<String> row(LockView lock) {
    LockView.Claim owner = lock.owner();
    String held =
        owner == null
            ? "free"
            : "held by %s since %s".formatted(owner.run(), Texts.time(owner.since()));
    String waiting =
        lock.waiting().stream()
            .map(claim -> claim.run().toString())
            .collect(Collectors.joining(", "));
    return List.of(
        Texts.line(lock.name(), 100), held, waiting.isEmpty() ? "" : "wanted by " + waiting);
  }

  /** {@code pipewright locks release}: takes a lock from its owner. */
  @Command(
      name = "release",
      description = {
        "Takes a lock from the run that holds it and gives it to the next.",
        "The run is not told; cancel it first unless it is known to be dead."
      },
      mixinStandardHelpOptions = true)
  static final class ReleaseCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "LOCK", description = "Its name.")
    private String name = "";

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      server.connect().post(Routes.LOCKS + "/" + UrlText.encoded(name) + "/release", Map.of());
      server.tell(out, Map.of("released", name), "Released " + name + ".");
    }
  }
}
