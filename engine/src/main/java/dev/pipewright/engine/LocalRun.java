package dev.pipewright.engine;

import dev.pipewright.engine.execute.Ending;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.Selection;
import dev.pipewright.engine.git.WorkingTree;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.report.LocalReporter;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.step.Outputs;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A run without a server, in a working tree. This is what {@code pipewright run} calls. */
public final class LocalRun {
  private LocalRun() {}

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
   */
  public record Request(
      List<Path> classPath,
      @Nullable String pipeline,
      @Nullable StepPath only,
      Path workspace,
      Path stateFolder,
      Map<String, String> parameters,
      Map<String, String> environment) {
    public Request {
      classPath = List.copyOf(classPath);
      parameters = Map.copyOf(parameters);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * How it ended.
   *
   * @param run the pipeline and the number of the run in this state folder
   * @param outcome the outcome
   * @param reason why, in words; may be null
   * @param plan what was run
   * @param steps how each step ended, in the order in which they did
   * @param folder events, logs and artifacts of this run
   */
  public record Result(
      RunId run,
      Outcome outcome,
      @Nullable String reason,
      Plan plan,
      Map<StepPath, RunEvent.StepFinished> steps,
      Path folder) {}

  /** The request names something that is not there; the message says what there is. */
  public static final class UnknownNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownNameException(String message) {
      super(message);
    }
  }

  /**
   * Runs a pipeline to its end on the calling thread.
   *
   * @param cancellation ends the run as CANCELLED; {@code ensure} steps still run
   * @throws dev.pipewright.engine.plan.DefinitionException if the pipeline is wrong
   * @throws UnknownNameException if there is no such pipeline or step
   * @throws IOException if the state folder cannot be written
   */
  public static Result run(Request request, RunListener listener, Cancellation cancellation)
      throws IOException {
    ExecutorService pumps =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("pump-", 0).factory());
    try (PipelineCode code = PipelineCode.open(request.classPath())) {
      Planned planned = choose(code, request.pipeline());
      Selection selection = selection(planned, request.only());
      ProcessConfig processes = EngineConfig.processes(request.environment(), ProcessConfig.GRACE);
      Commands commands = new Commands(request.workspace().toRealPath(), processes, pumps);
      LocalFolder place = LocalFolder.next(request.stateFolder());
      WorkingCopy copy = WorkingCopy.of(commands);
      Facts facts =
          new Facts(
              planned.plan().pipeline().value(),
              place.number(),
              copy.commit(),
              copy.ref(),
              "local",
              request.parameters(),
              new Outputs());
      try (LocalReporter reporter =
              new LocalReporter(place.folder(), InstantSource.system(), listener);
          Cancellation abort = Cancellation.root()) {
        RunContext context =
            new RunContext(facts, commands, new WorkingTree(), reporter, selection, abort);
        Ending ending = PipelineRun.run(planned, context, cancellation);
        return new Result(
            new RunId(planned.plan().pipeline(), place.number()),
            ending.outcome(),
            ending.reason(),
            planned.plan(),
            reporter.finished(),
            place.folder());
      }
    } finally {
      pumps.shutdownNow();
    }
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

  private record LocalFolder(long number, Path folder) {
    static LocalFolder next(Path stateFolder) throws IOException {
      Files.createDirectories(stateFolder);
      long last = 0;
      try (var folders = Files.list(stateFolder)) {
        for (Path each : (Iterable<Path>) folders::iterator) {
          String name = each.getFileName().toString();
          if (name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            last = Math.max(last, Long.parseLong(name));
          }
        }
      }
      Path folder = Files.createDirectory(stateFolder.resolve(Long.toString(last + 1)));
      return new LocalFolder(last + 1, folder);
    }
  }
}
