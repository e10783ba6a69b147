package dev.pipewright.standalone.local;

import dev.pipewright.engine.LocalRun;
import dev.pipewright.engine.history.RefusedException;
import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.local.LocalFolder;
import dev.pipewright.engine.local.LocalMark;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.client.WaitTexts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pipewright run}: runs a pipeline on the working tree, without a server. */
@Command(
    name = "run",
    description = {
      "Runs a pipeline on the working tree, without a server and without containers.",
      "Ctrl-C cancels it and lets its ensure steps run; a second Ctrl-C ends it at once.",
      "Exit code: 0 succeeded, 1 did not, 2 waits for a person or wrong usage, 130 cancelled."
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Which pipeline. Not needed if there is only one.")
  private @Nullable String pipeline;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Option(names = "--only", paramLabel = "STEP", description = "Run only this step or stage.")
  private @Nullable String only;

  @Option(
      names = "--resume",
      description = "Go on with the last run that was interrupted or waits for a person.")
  private boolean resume;

  @Option(
      names = "--from",
      paramLabel = "STEP",
      description =
          "Try the last run again from this step on, with the code as it is now and with what the"
              + " steps before it left.")
  private @Nullable String from;

  @Option(
      names = "-p",
      paramLabel = "NAME=VALUE",
      description =
          "A parameter: of what --approve names, or of the run, which Java steps read with"
              + " step.parameter(\"NAME\") and whose names nothing declares. With --resume only"
              + " the former. Repeatable.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--approve", paramLabel = "STEP", description = "Approve this step, repeatable.")
  private List<String> approved = new ArrayList<>();

  @Option(names = "--reject", paramLabel = "STEP", description = "Reject this step, repeatable.")
  private List<String> rejected = new ArrayList<>();

  @Option(
      names = "--secrets",
      paramLabel = "FILE",
      description =
          "A file of lines NAME=VALUE, which git must not track. PIPEWRIGHT_SECRET_<NAME> in the"
              + " environment counts more.")
  private @Nullable Path secrets;

  @Option(names = "--plain", description = "Print lines instead of a tree that is redrawn.")
  private boolean plain;

  @Override
  public Integer call() {
    long ways = Stream.of(only != null, from != null, resume).filter(each -> each).count();
    if (ways > 1) {
      throw new CommandException("Give one of --only, --from and --resume.", 2);
    }
    if (resume && approved.isEmpty() && !parameters.isEmpty()) {
      throw new CommandException(
          "A run that goes on keeps the parameters it was begun with. What an approval takes is"
              + " given with -p and --approve STEP together.",
          2);
    }
    Map<String, String> known = LocalSecrets.of(secrets, System.getenv());
    LocalCode code = new LocalCode(project);
    try {
      if (from != null) {
        return again(code, known, new StepPath(from));
      }
      return resume ? resume(code, known) : begin(code, known);
    } catch (IOException e) {
      throw new CommandException("Could not run: " + e.getMessage());
    } catch (DefinitionException | LocalRun.UnknownNameException | RefusedException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private int begin(LocalCode code, Map<String, String> known)
      throws IOException, RefusedException {
    List<Path> classes = code.compile();
    try (LocalRun run = LocalRun.open(request(code, classes, known))) {
      refuseWithoutSecrets(run);
      return carryOut(run, run::begin);
    }
  }

  private int again(LocalCode code, Map<String, String> known, StepPath step)
      throws IOException, RefusedException {
    LocalFolder place = LocalFolder.last(runs(code), pipeline, false);
    LocalMark mark = place == null ? null : place.mark();
    if (place == null || mark == null) {
      throw new CommandException("There is no run to try again. Begin one with: pipewright run");
    }
    LocalRun.Request wanted = request(code, code.compile(), known);
    try (LocalRun run = LocalRun.open(wanted.again(mark))) {
      refuseWithoutSecrets(run);
      return carryOut(
          run,
          (listener, people, cancellation) ->
              run.again(place, step, listener, people, cancellation));
    }
  }

  private int resume(LocalCode code, Map<String, String> known)
      throws IOException, RefusedException {
    LocalFolder place = LocalFolder.last(runs(code), pipeline, true);
    LocalMark mark = place == null ? null : place.mark();
    if (place == null || mark == null) {
      throw new CommandException("No run is left to go on with. Begin one with: pipewright run");
    }
    try (LocalRun run = LocalRun.open(request(code, List.of(), known), mark)) {
      refuseWithoutSecrets(run);
      return carryOut(
          run,
          (listener, people, cancellation) -> run.resume(place, listener, people, cancellation));
    }
  }

  /** One of the ways to carry out a run. */
  private interface Way {
    LocalRun.Result run(RunListener listener, LocalAsk people, Cancellation cancellation)
        throws IOException, RefusedException;
  }

  private LocalRun.Request request(LocalCode code, List<Path> classes, Map<String, String> known) {
    return new LocalRun.Request(
        classes,
        pipeline,
        only == null ? null : new StepPath(only),
        code.project(),
        runs(code),
        parameters,
        System.getenv(),
        known);
  }

  private static Path runs(LocalCode code) {
    return code.state().resolve("runs");
  }

  private static void refuseWithoutSecrets(LocalRun run) {
    Set<String> missing = run.missingSecrets();
    if (!missing.isEmpty()) {
      throw new CommandException(
          "These secrets are needed and not known: %s. Give them in a file with --secrets FILE, or"
                  .formatted(String.join(", ", missing))
              + " as PIPEWRIGHT_SECRET_<NAME> in the environment.",
          2);
    }
  }

  private int carryOut(LocalRun run, Way way) throws IOException, RefusedException {
    try (Cancellation cancellation = Cancellation.root();
        Interrupts _ = Interrupts.cancelling(cancellation);
        RunView view = RunView.of(run.plan(), plain, System.getenv())) {
      TerminalAsk people =
          new TerminalAsk(
              new TerminalAsk.Decisions(
                  approved,
                  rejected,
                  parameters,
                  resume,
                  System.getProperty("user.name", "somebody")),
              view.dialog(),
              cancellation,
              InstantSource.system());
      view.begin();
      LocalRun.Result result = way.run(view.listener(), people, cancellation);
      view.end(result);
      report(result, view.out());
      refuseUnusedDecisions(result, people);
      return exitCode(result, cancellation);
    }
  }

  /** A run that was broken before it came to a step says more than this would. */
  private static void refuseUnusedDecisions(LocalRun.Result result, TerminalAsk people) {
    boolean broken = result.outcome() != null && result.outcome() != Outcome.SUCCEEDED;
    if (!broken && !people.unused().isEmpty()) {
      throw new CommandException(
          "Nothing waited for a person at " + String.join(", ", people.unused()) + ".", 2);
    }
  }

  private static int exitCode(LocalRun.Result result, Cancellation cancellation) {
    if (cancellation.isCancelled()) {
      return 130;
    }
    if (result.outcome() == null) {
      return 2;
    }
    return result.outcome() == Outcome.SUCCEEDED ? 0 : 1;
  }

  private void report(LocalRun.Result result, PrintStream out) {
    String reason = result.reason() == null ? "" : ": " + result.reason();
    out.println(
        result.run() + " " + Objects.requireNonNullElse(result.outcome(), "WAITING") + reason);
    for (OpenWait wait : result.waits()) {
      String path = wait.path() == null ? wait.key() : wait.path().value();
      out.println(path + " waits " + WaitTexts.forWhat(wait.what()));
      WaitTexts.details(wait.what()).forEach(line -> out.println("  " + line));
      if (wait.what().isForPeople()) {
        out.println(
            "  pipewright run --resume --approve "
                + WaitTexts.quoted(path)
                + WaitTexts.given(wait.what())
                + place());
      }
    }
    out.println("Events, output and kept files: " + result.folder());
    out.flush();
  }

  /** What the next call needs to find the same run and the same secrets. */
  private String place() {
    String dir =
        project.equals(Path.of(".")) ? "" : " --dir " + WaitTexts.quoted(project.toString());
    return secrets == null ? dir : dir + " --secrets " + WaitTexts.quoted(secrets.toString());
  }
}
