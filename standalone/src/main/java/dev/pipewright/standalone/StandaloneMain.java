package dev.pipewright.standalone;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.standalone.client.ApproveCommand;
import dev.pipewright.standalone.client.CancelCommand;
import dev.pipewright.standalone.client.CompletionCommand;
import dev.pipewright.standalone.client.DeliveriesCommand;
import dev.pipewright.standalone.client.LocksCommand;
import dev.pipewright.standalone.client.LoginCommand;
import dev.pipewright.standalone.client.LogsCommand;
import dev.pipewright.standalone.client.PipelinesCommand;
import dev.pipewright.standalone.client.RejectCommand;
import dev.pipewright.standalone.client.RerunCommand;
import dev.pipewright.standalone.client.RunsCommand;
import dev.pipewright.standalone.client.SecretsCommand;
import dev.pipewright.standalone.client.ShowCommand;
import dev.pipewright.standalone.client.SourcesCommand;
import dev.pipewright.standalone.client.StartCommand;
import dev.pipewright.standalone.client.TestsCommand;
import dev.pipewright.standalone.local.CheckCommand;
import dev.pipewright.standalone.local.InitCommand;
import dev.pipewright.standalone.local.PlanCommand;
import dev.pipewright.standalone.local.RunCommand;
import dev.pipewright.standalone.local.TestCommand;
import dev.pipewright.standalone.server.DemoCommand;
import dev.pipewright.standalone.server.UpCommand;
import dev.pipewright.standalone.server.WarmUpCommand;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Entry of the {@code pipewright} command. */
@Command(
    name = "pipewright",
    description = "Pipelines as Java code, run once per commit in short-lived containers.",
    mixinStandardHelpOptions = true,
    version = "pipewright 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {"", "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted."},
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      InitCommand.class,
      CheckCommand.class,
      TestCommand.class,
      PlanCommand.class,
      RunCommand.class,
      SourcesCommand.class,
      PipelinesCommand.class,
      RunsCommand.class,
      ShowCommand.class,
      LogsCommand.class,
      TestsCommand.class,
      StartCommand.class,
      ApproveCommand.class,
      RejectCommand.class,
      RerunCommand.class,
      CancelCommand.class,
      SecretsCommand.class,
      LocksCommand.class,
      DeliveriesCommand.class,
      LoginCommand.class,
      CompletionCommand.class,
      WarmUpCommand.class
    })
public final class StandaloneMain implements Runnable {
  @Spec private CommandSpec spec;

  private StandaloneMain(CommandSpec spec) {
    this.spec = spec;
  }

  public static void main(String[] args) {
    if (!List.of(args).contains("up")) {
      // Only a server that stays tells operators of its life; the other commands talk to people.
      System.setProperty(
          "PIPEWRIGHT_LOG_LEVEL", System.getenv().getOrDefault("PIPEWRIGHT_LOG_LEVEL", "WARN"));
    }
    int exitCode =
        execute(
            args,
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(exitCode);
  }

  /** Carries out one command line; returns its exit code. */
  public static int execute(String[] args, PrintWriter out, PrintWriter err) {
    ConfigFile config;
    try {
      config = ConfigFile.of(List.of(args), System.getenv());
    } catch (CommandException e) {
      err.println("pipewright: " + e.getMessage());
      return e.exitCode();
    }
    return new CommandLine(new StandaloneMain(CommandSpec.create()))
        .setDefaultValueProvider(config)
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(StandaloneMain::report)
        .setUsageHelpAutoWidth(true)
        .execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int report(Exception problem, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    switch (problem) {
      case CommandException e -> {
        err.println("pipewright: " + e.getMessage());
        return e.exitCode();
      }
      case ApiException e -> {
        err.println("pipewright: " + e.getMessage());
        if (e.problem().status() == 401) {
          err.println(
              "Log in with 'pipewright login', or name a token with --token or PIPEWRIGHT_TOKEN;"
                  + " 'up' printed one at its first start.");
        }
      }
      case UncheckedIOException e -> {
        err.println("pipewright: " + e.getMessage());
        err.println("Is the server running? Name it with --server or PIPEWRIGHT_SERVER.");
      }
      case ProtocolException e -> err.println("pipewright: " + e.getMessage());
      default -> {
        err.println("pipewright: unexpected " + problem);
        problem.printStackTrace(err);
      }
    }
    return 1;
  }
}
