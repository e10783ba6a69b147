package dev.pipewright.standalone.client;

import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.NewToken;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSpec;
import dev.pipewright.protocol.api.TokenView;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright tokens}: makes, lists and removes the tokens of people. */
@Command(
    name = "tokens",
    description = "Lists the tokens of people; 'add' and 'remove' change them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TokensCommand.ListCommand.class,
      TokensCommand.AddCommand.class,
      TokensCommand.RemoveCommand.class
    })
public final class TokensCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    list(server, spec.commandLine().getOut());
  }

  private static void list(ServerOptions server, PrintWriter out) {
    Page<TokenView> page =
        Json.read(
            server.connect().get(Routes.TOKENS).body(), new Json.Generic<Page<TokenView>>() {});
    server.list(
        out,
        page,
        "No tokens yet, except the administrator's. Make one: pipewright tokens add NAME --role ROLE",
        TokensCommand::row);
  }

  static List<String> row(TokenView token) {
    Instant expires = token.expires();
    Instant used = token.used();
    return List.of(
        Texts.line(token.name(), 100),
        word(token.role()),
        "made " + Texts.time(token.madeAt()) + " by " + Texts.line(token.madeBy(), 60),
        expires == null ? "never expires" : "expires " + Texts.time(expires),
        used == null ? "never used" : "used " + Texts.time(used));
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** {@code pipewright tokens list}. */
  @Command(
      name = "list",
      description = "Lists the tokens of people, without what they are.",
      mixinStandardHelpOptions = true)
  static final class ListCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      list(server, spec.commandLine().getOut());
    }
  }

  /** {@code pipewright tokens add}: makes a token. */
  @Command(
      name = "add",
      description = {
        "Makes a token and prints it, this once.",
        "viewer reads; operator also starts, cancels, reruns, approves, replays and frees locks;",
        "admin may do everything."
      },
      mixinStandardHelpOptions = true)
  static final class AddCommand implements Runnable {
    private static final Pattern TIME = Pattern.compile("(\\d{1,5})([hd])");

    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "Whose it is, shown with all they do.")
    private String name = "";

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "viewer, operator or admin.")
    private String role = "";

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "How long it is good for, like 12h or 90d. Default: until it is removed.")
    private @Nullable String expires;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      TokenSpec wish = new TokenSpec(name, role(role), end(expires, InstantSource.system()));
      NewToken made = Json.read(server.connect().post(Routes.TOKENS, wish).body(), NewToken.class);
      if (server.json()) {
        server.print(out, made);
        return;
      }
      out.println(made.token());
      out.flush();
      spec.commandLine()
          .getErr()
          .printf(
              "The token of %s (%s). It is shown only now.%n",
              Texts.line(name, 100), word(made.view().role()));
    }

    static Role role(String word) {
      for (Role role : Role.values()) {
        if (word(role).equals(word)) {
          return role;
        }
      }
      throw new CommandException(
          "--role is viewer, operator or admin, not '" + Texts.line(word, 60) + "'.", 2);
    }

    static @Nullable Instant end(@Nullable String time, InstantSource clock) {
      if (time == null) {
        return null;
      }
      Matcher parts = TIME.matcher(time);
      if (!parts.matches()) {
        throw new CommandException(
            "--expires is a time like 12h or 90d, not '" + Texts.line(time, 60) + "'.", 2);
      }
      long count = Long.parseLong(parts.group(1));
      Duration length =
          "h".equals(parts.group(2)) ? Duration.ofHours(count) : Duration.ofDays(count);
      return clock.instant().plus(length);
    }
  }

  /** {@code pipewright tokens remove}: removes a token. */
  @Command(
      name = "remove",
      description = "Removes a token; its sessions in browsers end too.",
      mixinStandardHelpOptions = true)
  static final class RemoveCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "Whose it is.")
    private String name = "";

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      server.connect().delete(Routes.TOKENS + "/" + UrlText.encoded(name));
      server.tell(out, Map.of("removed", name), "Removed " + name + ".");
    }
  }
}
