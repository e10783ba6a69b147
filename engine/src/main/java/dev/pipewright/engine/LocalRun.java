package dev.pipewright.engine;

import dev.pipewright.engine.execute.Selection;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.history.RefusedException;
import dev.pipewright.engine.history.Takeover;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.local.LocalClaim;
import dev.pipewright.engine.local.LocalFolder;
import dev.pipewright.engine.local.LocalMark;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A run without a server, in a working tree. This is what {@code pipewright run} calls. Open it,
 * look at its plan, {@link #begin} or {@link #resume} it, and close it. Confined to one thread.
 */
public final class LocalRun implements AutoCloseable {
  private final Request request;
  private final PipelineCode code;
  private final Planned planned;
  private final Selection selection;

  private LocalRun(Request request, PipelineCode code, Planned planned, Selection selection) {
    this.request = request;
    this.code = code;
    this.planned = planned;
    this.selection = selection;
  }

  /**
   * What to run.
   *
   * @param classPath the compiled definitions, and after them the jars they need
   * @param pipeline which pipeline; null if there is only one
   * @param only the one step or stage to run; null for all
   * @param workspace the working tree
   * @param stateFolder gets a folder per run with its events, logs and artifacts
   * @param parameters what the run is started with
   * @param environment variables of the machine, of which {@code PATH} and {@code HOME} are used
   * @param secrets values of secrets by name
   */
  public record Request(
      List<Path> classPath,
      @Nullable String pipeline,
      @Nullable StepPath only,
      Path workspace,
      Path stateFolder,
      Map<String, String> parameters,
      Map<String, String> environment,
      Map<String, String> secrets) {
    public Request {
      classPath = List.copyOf(classPath);
      parameters = Map.copyOf(parameters);
      environment = Map.copyOf(environment);
      secrets = Map.copyOf(secrets);
    }

    /** The same for another attempt of a run, whose parameters it takes over. */
    public Request again(LocalMark mark) {
      Map<String, String> all = new HashMap<>(mark.parameters());
      all.putAll(parameters);
      return new Request(
          classPath,
          mark.pipeline(),
          mark.only() == null ? null : new StepPath(mark.only()),
          workspace,
          stateFolder,
          all,
          environment,
          secrets);
    }

    /** The same for what a run in the state folder was asked for. */
    Request as(LocalMark mark) {
      return new Request(
          mark.classPath(),
          mark.pipeline(),
          mark.only() == null ? null : new StepPath(mark.only()),
          workspace,
          stateFolder,
          mark.parameters(),
          environment,
          secrets);
    }

    @Override
    public String toString() {
      return "Request[" + pipeline + ", " + workspace + "]";
    }
  }

  /**
   * How it ended.
   *
   * @param run the pipeline and the number of the run in this state folder
   * @param outcome the outcome; null if the run was left waiting
   * @param reason why, in words; may be null
   * @param plan what was run
   * @param steps how each step ended, in the order in which they did
   * @param folder events, logs and artifacts of this run
   * @param waits what it was left waiting for
   */
  public record Result(
      RunId run,
      @Nullable Outcome outcome,
      @Nullable String reason,
      Plan plan,
      Map<StepPath, RunEvent.StepFinished> steps,
      Path folder,
      List<OpenWait> waits) {}

  /** The request names something that is not there; the message says what there is. */
  public static final class UnknownNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownNameException(String message) {
      super(message);
    }
  }

  /** Runs a pipeline to its end, with nobody to ask; see {@link #open} and {@link #begin}. */
  public static Result run(Request request, RunListener listener, Cancellation cancellation)
      throws IOException {
    try (LocalRun run = open(request)) {
      return run.begin(listener, LocalAsk.NOBODY, cancellation);
    }
  }

  /**
   * Loads the code and chooses what to run; nothing is executed but definitions.
   *
   * @throws dev.pipewright.engine.plan.DefinitionException if the pipeline is wrong
   * @throws UnknownNameException if there is no such pipeline or step
   */
  public static LocalRun open(Request request) {
    PipelineCode code = PipelineCode.open(request.classPath());
    try {
      Planned planned = choose(code, request.pipeline());
      return new LocalRun(request, code, planned, selection(planned, request.only()));
    } catch (RuntimeException e) {
      code.close();
      throw e;
    }
  }

  /**
   * Opens what a run in the state folder was asked for, with the code it was begun with.
   *
   * @throws UnknownNameException if that code is not there any more
   */
  public static LocalRun open(Request request, LocalMark mark) {
    for (Path place : mark.classPath()) {
      if (!place.toFile().exists()) {
        throw new UnknownNameException(
            "The code this run was begun with is gone (" + place + "). Begin a new run.");
      }
    }
    return open(request.as(mark));
  }

  /** The shape of what is run. */
  public Plan plan() {
    return planned.plan();
  }

  /** The code it runs. */
  Request request() {
    return request;
  }

  /** What is run, with code. */
  Planned planned() {
    return planned;
  }

  Selection selection() {
    return selection;
  }

  /** Names of the secrets that wanted steps declare and that are not known. */
  public Set<String> missingSecrets() {
    Set<String> missing = new TreeSet<>();
    for (PlannedStep step : planned.steps()) {
      step.visit(
          each -> {
            if (selection.includes(each)) {
              missing.addAll(each.node().modifiers().needs());
            }
          });
    }
    missing.removeAll(request.secrets().keySet());
    return missing;
  }

  /**
   * Runs it until it is over or nobody answers what it waits for, on the calling thread.
   *
   * @param cancellation ends the run as CANCELLED; {@code ensure} steps still run
   * @throws IOException if the state folder cannot be written
   */
  public Result begin(RunListener listener, LocalAsk people, Cancellation cancellation)
      throws IOException {
    return new LocalLaunches(this, place(), listener, people, cancellation)
        .run(Opening.first(PipelineRun.VERSION));
  }

  /** A folder for a new run of it. */
  LocalFolder place() throws IOException {
    LocalFolder place = LocalFolder.next(request.stateFolder());
    place.mark(mark());
    return place;
  }

  /** Goes on with a run that was interrupted or left waiting; see {@link #begin}. */
  public Result resume(
      LocalFolder place, RunListener listener, LocalAsk people, Cancellation cancellation)
      throws IOException {
    History history = place.history();
    Opening opening =
        history.attempt() == 0
            ? Opening.first(PipelineRun.VERSION)
            : Opening.resumed(PipelineRun.VERSION, history);
    return new LocalLaunches(this, place, listener, people, cancellation).run(opening);
  }

  /**
   * Makes a further attempt of a run that begins at a step and takes over what the steps before it
   * left; see {@link #begin}. It runs the code of this request, so that a mended step can be tried.
   *
   * @throws RefusedException if there is no such step, or a step before it has no result
   */
  public Result again(
      LocalFolder place,
      StepPath from,
      RunListener listener,
      LocalAsk people,
      Cancellation cancellation)
      throws IOException, RefusedException {
    History history = place.history();
    Takeover takeover = Takeover.from(planned, history, from);
    RunEvent.RunStarted started =
        new RunEvent.RunStarted(
            PipelineRun.VERSION, history.attempt() + 1, from, "begun again by hand");
    Opening opening = Opening.again(started, takeover.events(), InstantSource.system().instant());
    try (LocalClaim _ = place.claim()) {
      place.mark(mark());
      place.putLogsAside(history.attempt());
    }
    return new LocalLaunches(this, place, listener, people, cancellation).run(opening);
  }

  private LocalMark mark() {
    return new LocalMark(
        planned.plan().pipeline().value(),
        request.classPath(),
        request.only() == null ? null : request.only().value(),
        request.parameters());
  }

  private static Planned choose(PipelineCode code, @Nullable String wanted) {
    List<Planned> all = new ArrayList<>();
    for (String definition : code.definitions()) {
      all.add(code.plan(definition));
    }
    List<String> names = all.stream().map(each -> each.plan().pipeline().value()).sorted().toList();
    if (all.isEmpty()) {
      throw new UnknownNameException(
          "There is no pipeline. Write a class that implements PipelineDefinition.");
    }
    if (wanted == null && all.size() > 1) {
      throw new UnknownNameException("Name the pipeline to run, one of " + names + ".");
    }
    return all.stream()
        .filter(each -> wanted == null || each.plan().pipeline().value().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new UnknownNameException(
                    "There is no pipeline '" + wanted + "'. There is " + names + "."));
  }

  private static Selection selection(Planned planned, @Nullable StepPath only) {
    if (only == null) {
      return Selection.ALL;
    }
    List<StepPath> paths = new ArrayList<>();
    for (PlannedStep step : planned.steps()) {
      step.visit(
          each -> {
            if (each.path() != null) {
              paths.add(each.path());
            }
          });
    }
    if (!paths.contains(only)) {
      throw new UnknownNameException("There is no step '" + only + "'. There is " + paths + ".");
    }
    return new Selection(only);
  }

  @Override
  public void close() {
    code.close();
  }
}
