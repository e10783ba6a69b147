package dev.pipewright.standalone.client;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretView;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.Terminal;
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

/** {@code pipewright secrets}: lists, stores and removes secrets; no command shows their values. */
@Command(
    name = "secrets",
    description = "Lists secrets without their values; 'set' and 'remove' change them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SecretsCommand.ListCommand.class,
      SecretsCommand.SetCommand.class,
      SecretsCommand.RemoveCommand.class
    })
public final class SecretsCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    list(server, spec.commandLine().getOut());
  }

  private static void list(ServerOptions server, PrintWriter out) {
    Page<SecretView> page =
        Json.read(
            server.connect().get(Routes.SECRETS).body(), new Json.Generic<Page<SecretView>>() {});
    server.list(
        out,
        page,
        "No secrets yet. Store one with: pipewright secrets set NAME",
        SecretsCommand::row);
  }

  private static List<String> row(SecretView secret) {
    return List.of(
        Texts.line(secret.name(), 100),
        secret.source() == null ? "all sources" : secret.source().toString(),
        "set " + Texts.time(secret.setAt()) + " by " + Texts.line(secret.setBy(), 60),
        secret.usedAt() == null
            ? "never used"
            : "used " + Texts.time(secret.usedAt()) + " by " + secret.usedBy());
  }

  /** {@code pipewright secrets list}. */
  @Command(
      name = "list",
      description = "Lists secrets without their values.",
      mixinStandardHelpOptions = true)
  static final class ListCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      list(server, spec.commandLine().getOut());
    }
  }

  /** {@code pipewright secrets set}: stores a secret. */
  @Command(
      name = "set",
      description = {
        "Stores a secret; the same name and source again replaces its value.",
        "The value is read from standard input, or asked for without being shown."
      },
      mixinStandardHelpOptions = true)
  static final class SetCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "Its name, such as DEPLOY_KEY.")
    private String name = "";

    @Option(
        names = "--source",
        paramLabel = "NAME",
        description = "Only for runs of this source. Default: all sources.")
    private @Nullable String source;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      SourceName scope = source == null ? null : new SourceName(source);
      String value = Terminal.askSecretly("The value of " + Texts.line(name, 100));
      SecretView stored =
          Json.read(
              server.connect().post(Routes.SECRETS, new SecretSpec(name, value, scope)).body(),
              SecretView.class);
      server.tell(
          out, stored, "Stored " + name + " for " + (scope == null ? "all sources" : scope) + ".");
    }
  }

  /** {@code pipewright secrets remove}: removes a secret. */
  @Command(name = "remove", description = "Removes a secret.", mixinStandardHelpOptions = true)
  static final class RemoveCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Option(
        names = "--source",
        paramLabel = "NAME",
        description = "The one of this source. Default: the one of all sources.")
    private @Nullable String source;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      String path = Routes.SECRETS + "/" + UrlText.encoded(name);
      server.connect().delete(source == null ? path : path + "?source=" + UrlText.encoded(source));
      server.tell(out, Map.of("removed", name), "Removed " + name + ".");
    }
  }
}
