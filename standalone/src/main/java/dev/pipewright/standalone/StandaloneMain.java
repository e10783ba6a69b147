package dev.pipewright.standalone;

import dev.pipewright.engine.step.ExitGuard;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.standalone.client.ApproveCommand;
import dev.pipewright.standalone.client.AuditCommand;
import dev.pipewright.standalone.client.BackupCommand;
import dev.pipewright.standalone.client.CancelCommand;
import dev.pipewright.standalone.client.CompletionCommand;
import dev.pipewright.standalone.client.DeliveriesCommand;
import dev.pipewright.standalone.client.LocksCommand;
import dev.pipewright.standalone.client.LoginCommand;
import dev.pipewright.standalone.client.LogsCommand;
import dev.pipewright.standalone.client.OutboxCommand;
import dev.pipewright.standalone.client.PinCommand;
import dev.pipewright.standalone.client.PipelinesCommand;
import dev.pipewright.standalone.client.RejectCommand;
import dev.pipewright.standalone.client.RerunCommand;
import dev.pipewright.standalone.client.RunsCommand;
import dev.pipewright.standalone.client.SecretsCommand;
import dev.pipewright.standalone.client.ShowCommand;
import dev.pipewright.standalone.client.SourcesCommand;
import dev.pipewright.standalone.client.StartCommand;
import dev.pipewright.standalone.client.TestsCommand;
import dev.pipewright.standalone.client.TokensCommand;
import dev.pipewright.standalone.local.CheckCommand;
import dev.pipewright.standalone.local.InitCommand;
import dev.pipewright.standalone.local.PlanCommand;
import dev.pipewright.standalone.local.RunCommand;
import dev.pipewright.standalone.local.TestCommand;
import dev.pipewright.standalone.server.DemoCommand;
import dev.pipewright.standalone.server.RestoreCommand;
import dev.pipewright.standalone.server.UpCommand;
import dev.pipewright.standalone.server.WarmUpCommand;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry of the {@code pipewright} command. */
@Command(
    name = "pipewright",
    description = "Pipelines as Java code, run once per commit in short-lived containers.",
    mixinStandardHelpOptions = true,
    version = "pipewright 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {"", "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted."})
public final class StandaloneMain implements Runnable {
  /**
   * The commands by their names, in the order of the help text. Reading the annotations of all of
   * them takes longer than most of them run, so it is done only where all of them matter.
   */
  static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("demo", DemoCommand.class),
          Map.entry("up", UpCommand.class),
          Map.entry("init", InitCommand.class),
          Map.entry("check", CheckCommand.class),
          Map.entry("test", TestCommand.class),
          Map.entry("plan", PlanCommand.class),
          Map.entry("run", RunCommand.class),
          Map.entry("sources", SourcesCommand.class),
          Map.entry("pipelines", PipelinesCommand.class),
          Map.entry("runs", RunsCommand.class),
          Map.entry("show", ShowCommand.class),
          Map.entry("logs", LogsCommand.class),
          Map.entry("tests", TestsCommand.class),
          Map.entry("start", StartCommand.class),
          Map.entry("approve", ApproveCommand.class),
          Map.entry("reject", RejectCommand.class),
          Map.entry("rerun", RerunCommand.class),
          Map.entry("cancel", CancelCommand.class),
          Map.entry("pin", PinCommand.class),
          Map.entry("secrets", SecretsCommand.class),
          Map.entry("locks", LocksCommand.class),
          Map.entry("deliveries", DeliveriesCommand.class),
          Map.entry("outbox", OutboxCommand.class),
          Map.entry("tokens", TokensCommand.class),
          Map.entry("audit", AuditCommand.class),
          Map.entry("login", LoginCommand.class),
          Map.entry("completion", CompletionCommand.class),
          Map.entry("backup", BackupCommand.class),
          Map.entry("restore", RestoreCommand.class),
          Map.entry("warm-up", WarmUpCommand.class));

  /** Whose options a configuration file says. */
  private static final List<Class<?>> CONFIGURED = List.of(UpCommand.class, DemoCommand.class);

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
    ExitGuard guard = ExitGuard.armed();
    int exitCode =
        execute(
            args,
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    guard.exit(exitCode);
  }

  /** Carries out one command line; returns its exit code. */
  public static int execute(String[] args, PrintWriter out, PrintWriter err) {
    try {
      return carryOut(args, out, err);
    } catch (LinkageError e) {
      err.println("pipewright: a part of this installation is missing or does not fit: " + e);
      err.println("Build or unpack Pipewright again.");
      return 1;
    } catch (Error e) {
      err.println("pipewright: cannot go on: " + e);
      e.printStackTrace(err);
      return 1;
    }
  }

  private static int carryOut(String[] args, PrintWriter out, PrintWriter err) {
    ConfigFile config;
    try {
      config = ConfigFile.of(List.of(args), System.getenv());
      if (commandsFor(args).stream().allMatch(CONFIGURED::contains)) {
        config.check(CONFIGURED);
      }
    } catch (CommandException e) {
      err.println("pipewright: " + e.getMessage());
      return e.exitCode();
    }
    CommandLine line = new CommandLine(new StandaloneMain(CommandSpec.create()));
    commandsFor(args).forEach(line::addSubcommand);
    return line.setDefaultValueProvider(config)
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(StandaloneMain::report)
        .setParameterExceptionHandler(StandaloneMain::refuse)
        .setUsageHelpAutoWidth(true)
        .execute(args);
  }

  /** The command that is named first, or all of them: for help, for typing errors, to complete. */
  static List<Class<?>> commandsFor(String[] args) {
    String first = args.length == 0 ? "" : args[0];
    for (Map.Entry<String, Class<?>> command : COMMANDS) {
      if (command.getKey().equals(first) && command.getValue() != CompletionCommand.class) {
        return List.of(command.getValue());
      }
    }
    return COMMANDS.stream().<Class<?>>map(Map.Entry::getValue).toList();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Says what is wrong with a command line, what was probably meant, and where help is. */
  private static int refuse(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("pipewright: " + problem.getMessage());
    Set<String> options = command.getCommandSpec().optionsMap().keySet();
    if (problem instanceof UnmatchedArgumentException e
        && e.isUnknownOption()
        && !options.isEmpty()) {
      String unknown = e.getUnmatched().getFirst().replaceFirst("=.*", "");
      err.println("Did you mean '" + NearestWord.of(unknown, options) + "'?");
    } else {
      UnmatchedArgumentException.printSuggestions(problem, err);
    }
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
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
        if (command.getCommandSpec().findOption("--server") != null) {
          err.println("Is the server running? Name it with --server or PIPEWRIGHT_SERVER.");
        }
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
