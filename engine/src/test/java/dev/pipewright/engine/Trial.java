package dev.pipewright.engine;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.Pipelines;
import dev.pipewright.dsl.Step;
import dev.pipewright.dsl.Triggers;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.Selection;
import dev.pipewright.engine.execute.Surroundings;
import dev.pipewright.engine.git.Checkout;
import dev.pipewright.engine.git.GitRepositories;
import dev.pipewright.engine.git.WorkingTree;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.step.MachineCommands;
import dev.pipewright.engine.step.Outputs;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.engine.time.RealTime;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.engine.work.MachineWork;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** One run of some steps, from start to end: {@code trial.run(steps)}, then ask what happened. */
final class Trial {
  final Recorder recorder = new Recorder();
  final Cancellation abort = Cancellation.root();
  final Cancellation cancellation = abort.child();
  String ref = "refs/heads/main";
  Duration grace = Duration.ofMillis(500);
  Selection selection = Selection.ALL;
  Checkout checkout = new WorkingTree();
  Opening opening = Opening.first("test");
  Surroundings surroundings = Surroundings.alone();
  List<Answer> answers = List.of();
  EngineTime time = new RealTime(InstantSource.system());
  String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
  private final Path workspace;
  private PipelineRun.End end = new PipelineRun.Finished(new Ending(Outcome.SKIPPED, "not run"));

  Trial(Path workspace) {
    this.workspace = workspace;
  }

  Trial(Path workspace, Surroundings surroundings) {
    this(workspace);
    this.surroundings = surroundings;
  }

  /**
   * A trial that goes on where another engine was lost.
   *
   * @param earlier the events the lost engine has told, and whatever came after {@code last}
   * @param last the last event that was stored
   */
  Trial after(Trial earlier, Predicate<RunEvent> last) {
    return after(earlier, last, Duration.ZERO);
  }

  /** As {@link #after(Trial, Predicate)}, where all that was told was told so long ago. */
  Trial after(Trial earlier, Predicate<RunEvent> last, Duration ago) {
    List<EventEnvelope> stored = new ArrayList<>();
    for (EventEnvelope event : earlier.recorder.envelopes()) {
      stored.add(new EventEnvelope(event.seq(), event.at().minus(ago), event.event()));
      if (last.test(event.event())) {
        opening = Opening.resumed("test", History.of(stored));
        return this;
      }
    }
    throw new AssertionError("That was never told: " + earlier.recorder.events());
  }

  Trial only(String step) {
    selection = new Selection(new StepPath(step));
    return this;
  }

  Trial ref(String other) {
    ref = other;
    return this;
  }

  Trial run(Step first, Step... rest) {
    return run(Pipelines.pipeline("p").startedBy(Triggers.manually()).runs(first, rest));
  }

  Trial run(Pipeline pipeline) {
    ProcessConfig config = new ProcessConfig(path, workspace.toString(), grace);
    var pumps = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    Commands commands = new MachineCommands(workspace, config, pumps);
    Facts facts =
        new Facts("p", 7, "a".repeat(40), ref, "shop", Map.of("who", "ann"), new Outputs());
    Activity activity = new Activity();
    Waits waits = new Waits(activity, time, recorder, Duration.ZERO);
    waits.answered(answers);
    RunContext context =
        new RunContext(
            facts,
            commands,
            new MachineWork(checkout),
            new GitRepositories(),
            recorder,
            selection,
            abort,
            time,
            activity,
            waits,
            History.NONE,
            new Mask(),
            surroundings);
    end = PipelineRun.run(PlanReader.read(pipeline, "P"), opening, context, cancellation);
    pumps.shutdownNow();
    return this;
  }

  /** What the run parked for, by key; empty if it did not. */
  List<String> parkedFor() {
    return end instanceof PipelineRun.Waiting(var waits)
        ? waits.stream().map(Waits.Request::key).toList()
        : List.of();
  }

  private Ending ending() {
    return switch (end) {
      case PipelineRun.Finished(var ending) -> ending;
      case PipelineRun.Waiting(var waits) -> throw new AssertionError("waits for " + waits);
    };
  }

  Outcome outcome() {
    return ending().outcome();
  }

  String reason() {
    return String.valueOf(ending().reason());
  }

  /** How each step ended, as {@code path=OUTCOME}, in the order in which they did. */
  List<String> endings() {
    return recorder.events().stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(RunEvent.StepFinished.class::cast)
        .map(end -> end.path() + "=" + end.outcome())
        .toList();
  }

  /** How one step ended. */
  RunEvent.StepFinished finished(String step) {
    return recorder.events().stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(RunEvent.StepFinished.class::cast)
        .filter(end -> end.path().value().equals(step))
        .findFirst()
        .orElseThrow();
  }

  List<String> started() {
    return recorder.events().stream()
        .filter(RunEvent.StepStarted.class::isInstance)
        .map(RunEvent.StepStarted.class::cast)
        .map(start -> start.path() + "#" + start.attempt())
        .toList();
  }

  String log(String step) {
    return recorder.log(step);
  }
}
