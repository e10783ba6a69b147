package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright login}: Remembers a server and a token for the other commands. */
@Command(
    name = "login",
    description = {
      "Remembers a server and a token for the other commands.",
      "The token is asked for without being shown, or read from standard input."
    },
    mixinStandardHelpOptions = true)
public final class LoginCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVER",
      defaultValue = "",
      description = "The server, like https://ci.example. Default: that of --server.")
  private String named = "";

  @Option(names = "--forget", description = "Forget the saved login instead.")
  private boolean forget;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Path file = SavedLogin.file(System.getenv());
    if (forget) {
      forget(file, out);
      return;
    }
    String url =
        ServerOptions.withoutSlash(named.isEmpty() ? server.connect().server().toString() : named);
    String given = server.givenToken();
    String token = given == null ? Terminal.askSecretly("Token for " + url).strip() : given;
    HttpTransport http = ServerOptions.connect(url, token);
    TokenSelf self = Json.read(http.get(Routes.TOKEN_SELF).body(), TokenSelf.class);
    try {
      new SavedLogin(url, token).write(file);
    } catch (IOException e) {
      throw new CommandException("Could not write " + file + ": " + e.getMessage());
    }
    if (server.json()) {
      server.print(out, self);
    } else {
      out.printf(
          "Logged in at %s as %s (%s). Saved in %s, for you alone.%n",
          url, Texts.line(self.name(), 80), self.kind(), file);
    }
  }

  private static void forget(Path file, PrintWriter out) {
    try {
      out.println(Files.deleteIfExists(file) ? "Forgot " + file + "." : "No login is saved.");
    } catch (IOException e) {
      throw new CommandException("Could not remove " + file + ": " + e.getMessage());
    }
  }
}
