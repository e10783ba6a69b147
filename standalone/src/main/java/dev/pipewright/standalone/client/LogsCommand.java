package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright logs}: Prints the output of a run, or of one step. */
@Command(
    name = "logs",
    description = {
      "Prints the output of a run, or of one step.",
      "On a terminal, escape sequences other than colours are shown instead of obeyed."
    },
    mixinStandardHelpOptions = true)
public final class LogsCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final RetryOptions retry = new RetryOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  private static final Duration WAIT = Duration.ofSeconds(1);

  @Parameters(index = "0", paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      description = "Only this step or stage, such as verify/lint.")
  private @Nullable String step;

  @Option(names = "--attempt", paramLabel = "N", description = "Of this attempt. Default: last.")
  private @Nullable Integer attempt;

  @Option(
      names = {"-f", "--follow"},
      description =
          "Go on until the run is finished. What it waits for and how it ended is told on standard"
              + " error.")
  private boolean follow;

  @Option(
      names = "--times",
      description = "Begin each line with the second in which it was printed, in UTC.")
  private boolean times;

  private final Map<StepPath, Long> printed = new HashMap<>();
  private final Map<StepPath, LineTimes> lineTimes = new HashMap<>();
  private final Set<String> told = new HashSet<>();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    SteadyConnection http = retry.steady(server.connect(), spec.commandLine().getErr());
    RunId id = RunId.parse(run);
    LogPrinter printer = LogPrinter.of(out, server.json(), Terminal.showsOutput());
    long version = -1;
    int last = 0;
    while (true) {
      RunSnapshot now = snapshot(http, id, version);
      version = now.version();
      if (last != 0 && last != now.attempt()) {
        printed.clear();
        lineTimes.clear();
        printer.heading("attempt " + now.attempt());
      }
      last = now.attempt();
      print(http, now, printer);
      boolean other = attempt != null && attempt < now.attempt();
      if (!follow || other) {
        return;
      }
      tell(now);
      if (now.state() == Phase.FINISHED) {
        return;
      }
    }
  }

  /** Tells a follower, beside the output, for whom the run waits and how it ended. */
  private void tell(RunSnapshot run) {
    PrintWriter err = spec.commandLine().getErr();
    for (OpenWait wait : run.waits()) {
      if (wait.what().isForPeople() && told.add(wait.key() + " " + wait.since())) {
        WaitTexts.lines(run, wait).forEach(line -> err.println("pipewright: " + line));
      }
    }
    if (run.state() == Phase.FINISHED) {
      run.steps().stream()
          .filter(step -> step.outcome() != null && step.outcome().isBroken())
          .forEach(step -> err.println("pipewright: " + Follow.line(step)));
      err.println("pipewright: " + Follow.end(run));
    }
    err.flush();
  }

  private RunSnapshot snapshot(SteadyConnection http, RunId id, long version) {
    String path = Routes.run(id, "") + "?after=" + version + "&wait=" + WAIT.toMillis();
    RunSnapshot now = Json.read(http.get(path, WAIT), RunSnapshot.class);
    if (attempt == null || attempt == now.attempt()) {
      return now;
    }
    if (attempt < 1 || attempt > now.attempt()) {
      throw new CommandException(
          "%s has no attempt %d; its last one is %d.".formatted(id, attempt, now.attempt()), 2);
    }
    return Json.read(http.get(Routes.run(id, "attempts/" + attempt)), RunSnapshot.class);
  }

  private void print(SteadyConnection http, RunSnapshot now, LogPrinter printer) {
    boolean known = step == null || now.steps().isEmpty();
    for (StepSnapshot found : now.steps()) {
      boolean wanted = isWanted(found.path().value());
      known |= wanted;
      if (wanted && found.logBytes() > printed.getOrDefault(found.path(), 0L)) {
        print(http, now.id(), found.path(), printer);
      }
    }
    if (!known) {
      throw new CommandException(
          "The run %s has no step '%s'. Its steps: pipewright show '%s'"
              .formatted(now.id(), step, now.id()));
    }
  }

  /** True for the step that was asked for and, if it is a stage, for what it contains. */
  private boolean isWanted(String path) {
    return step == null || path.equals(step) || path.startsWith(step + "/");
  }

  private void print(SteadyConnection http, RunId id, StepPath path, LogPrinter printer) {
    long from = printed.getOrDefault(path, 0L);
    String of = attempt == null ? "" : "&attempt=" + attempt;
    byte[] text = http.get(Routes.log(id, path) + "?offset=" + from + of);
    boolean alone = Objects.equals(path.value(), step);
    printer.print(path, alone, times ? timed(http, id, path, text) : text);
    printed.put(path, from + text.length);
  }

  private byte[] timed(SteadyConnection http, RunId id, StepPath path, byte[] text) {
    LineTimes known = lineTimes.computeIfAbsent(path, _ -> new LineTimes());
    String of = attempt == null ? "" : "&attempt=" + attempt;
    String from = Long.toString(known.lastKnown());
    while (from != null) {
      Page<LogTime> page =
          Json.read(
              http.get(Routes.times(id, path) + "?from=" + from + of),
              new Json.Generic<Page<LogTime>>() {});
      known.add(page.items());
      from = page.next();
    }
    return known.timed(text);
  }
}
