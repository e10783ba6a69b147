package dev.pipewright.standalone.client;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.api.StatusView;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright sources}: lists and registers repositories. */
@Command(
    name = "sources",
    description =
        "Lists registered repositories; 'sources add' registers one, 'sources status' is about statuses.",
    mixinStandardHelpOptions = true,
    subcommands = {SourcesCommand.AddCommand.class, SourceStatusCommand.class})
public final class SourcesCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Page<SourceView> page =
        Json.read(
            server.connect().get(Routes.SOURCES).body(), new Json.Generic<Page<SourceView>>() {});
    server.list(
        out,
        page,
        "No sources yet. Register one with: pipewright sources add NAME --git URL",
        SourcesCommand::row);
  }

  private static List<String> row(SourceView source) {
    return List.of(
        source.name().toString(),
        source.forge(),
        source.signed() ? "signed" : "unsigned",
        Texts.line(source.url(), 120));
  }

  /** {@code pipewright sources add}: registers a repository. */
  @Command(
      name = "add",
      description = "Registers a repository and says how to send its webhooks.",
      mixinStandardHelpOptions = true)
  static final class AddCommand implements Runnable {
    @Mixin private final ServerOptions server = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "NAME",
        description = "A short name: letters, digits, dots, dashes, underscores.")
    private String name = "";

    @Option(
        names = "--git",
        required = true,
        paramLabel = "URL",
        description = "Where git finds it.")
    private String url = "";

    @Option(
        names = "--forge",
        defaultValue = "plain-git",
        paramLabel = "KIND",
        description =
            "github, gitlab, gitea, forgejo, gogs, bitbucket-cloud, bitbucket-datacenter, gerrit"
                + " or plain-git (default).")
    private String forge = "";

    @Option(
        names = "--secret",
        paramLabel = "TEXT",
        description =
            "The secret that webhooks are signed with, or the token they carry. Only gerrit and"
                + " plain-git can be without one. Default: what this source was given before.")
    private @Nullable String secret;

    @Option(
        names = "--folder",
        paramLabel = "PATH",
        description = "Where the pipeline code is. Default: .pipewright")
    private @Nullable String folder;

    @Option(
        names = "--branch",
        paramLabel = "NAME",
        description = "The default branch. Default: what the repository says.")
    private @Nullable String branch;

    @Option(
        names = "--foreign",
        paramLabel = "WHAT",
        description =
            "What is done with pull requests from outside the repository: hold (default) lets them"
                + " wait until each commit is approved, run runs them at once without secrets and"
                + " shared caches, ignore only records them.")
    private @Nullable String foreign;

    @ArgGroup private @Nullable StatusToken status;

    @Option(
        names = "--api",
        paramLabel = "URL",
        description =
            "Where the forge takes statuses, like https://git.example/api/v4. Default: told from"
                + " the URL of the repository.")
    private @Nullable String api;

    /** The token for statuses, given in one of two ways. */
    static final class StatusToken {
      @Option(
          names = "--status-token",
          paramLabel = "TEXT",
          description = "Send commit statuses to the forge with this token, or USER:PASSWORD.")
      private @Nullable String text;

      @Option(
          names = "--status-token-file",
          paramLabel = "FILE",
          description = "The same with the token in a file, where no other user can see it.")
      private @Nullable Path file;

      private StatusToken() {}

      private String read() {
        if (file == null) {
          return text == null ? "" : text;
        }
        try {
          return Files.readString(file).strip();
        } catch (IOException e) {
          throw new CommandException("Could not read " + file + ".", 2);
        }
      }
    }

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      if (api != null && status == null) {
        throw new CommandException("--api is where statuses go: add --status-token-file FILE.", 2);
      }
      // Read first, so that nothing is registered if it cannot be.
      StatusSpec statuses = status == null ? null : new StatusSpec(status.read(), api);
      HttpTransport http = server.connect();
      SourceSpec wanted =
          new SourceSpec(new SourceName(name), url, forge, secret, folder, branch, foreign);
      SourceView source = Json.read(http.post(Routes.SOURCES, wanted).body(), SourceView.class);
      StatusView told = statuses == null ? null : send(http, source, statuses);
      if (server.json()) {
        server.print(out, source);
        return;
      }
      String hook = http.server() + Routes.HOOKS + "/" + source.name();
      out.println("Registered " + source.name() + ".");
      if (told != null) {
        out.println("Statuses go to " + told.api() + " for " + told.repository() + ".");
      }
      switch (source.forge()) {
        case "plain-git" -> tellOfScript(out, hook, source);
        case "gerrit" -> {
          out.println("At Gerrit's webhooks plugin, name this URL, with the secret as its token:");
          out.println("  " + hook + "?token=SECRET");
        }
        default -> {
          out.println(
              "At the forge, add a webhook for pushes, tags and pull requests, with JSON as content"
                  + " type and the same secret:");
          out.println("  " + hook);
        }
      }
    }

    private static StatusView send(HttpTransport http, SourceView source, StatusSpec statuses) {
      String path = Routes.SOURCES + "/" + source.name() + "/statuses";
      try {
        return Json.read(http.post(path, statuses).body(), StatusView.class);
      } catch (ApiException e) {
        throw new CommandException(
            "%s is registered, but sends no statuses: %s"
                .formatted(source.name(), e.problem().title()));
      }
    }

    private static void tellOfScript(PrintWriter out, String hook, SourceView source) {
      out.println("Install the hook in the bare repository:");
      out.println(
          "  curl -fsS -o hooks/post-receive "
              + hook
              + "/post-receive && chmod +x hooks/post-receive");
      out.println(
          source.signed()
              ? "and put the secret into hooks/pipewright-hook.key, readable for its owner alone."
              : "Deliveries are not signed; give a secret with --secret outside trusted networks.");
    }
  }
}
