package dev.pipewright.protocol.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.Wait;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something an engine did. The engine that holds a run's fence is the only writer of its events,
 * and the events of a run are all an engine needs to continue it: a new engine replays them in
 * order.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.RunStarted.class, name = "run-started"),
  @JsonSubTypes.Type(value = RunEvent.RunResumed.class, name = "run-resumed"),
  @JsonSubTypes.Type(value = RunEvent.StepStarted.class, name = "step-started"),
  @JsonSubTypes.Type(value = RunEvent.StepsReset.class, name = "steps-reset"),
  @JsonSubTypes.Type(value = RunEvent.StepExpanded.class, name = "step-expanded"),
  @JsonSubTypes.Type(value = RunEvent.Noted.class, name = "noted"),
  @JsonSubTypes.Type(value = RunEvent.StepWaiting.class, name = "step-waiting"),
  @JsonSubTypes.Type(value = RunEvent.TestsFound.class, name = "tests-found"),
  @JsonSubTypes.Type(value = RunEvent.StepFinished.class, name = "step-finished"),
  @JsonSubTypes.Type(value = RunEvent.RunWaiting.class, name = "run-waiting"),
  @JsonSubTypes.Type(value = RunEvent.RunFinished.class, name = "run-finished")
})
public sealed interface RunEvent {

  /**
   * An attempt begins: every step is pending. The first event of each attempt.
   *
   * @param engine the engine's version
   * @param attempt 1 for the first; one more after a rerun or when the workspace was lost
   * @param from the step a rerun begins at; null for all of it
   * @param reason why there is a further attempt, in words; null for the first
   */
  record RunStarted(String engine, int attempt, @Nullable StepPath from, @Nullable String reason)
      implements RunEvent {
    /** The first attempt. */
    public RunStarted(String engine) {
      this(engine, 1, null, null);
    }
  }

  /** Another engine goes on with the attempt; what was finished stays finished. */
  record RunResumed(String engine) implements RunEvent {}

  /** A step begins; {@code attempt} counts from 1 and grows when the step is tried again. */
  record StepStarted(StepPath path, int attempt) implements RunEvent {}

  /**
   * What holds these steps is tried again, so they and everything below them are pending again, and
   * what was noted or is awaited for a key below {@code key} is forgotten.
   *
   * @param key the key of what is tried again, see {@link Noted}
   * @param paths the outermost steps with a path in it
   */
  record StepsReset(String key, List<StepPath> paths) implements RunEvent {
    public StepsReset {
      paths = List.copyOf(paths);
    }
  }

  /** Steps below {@code path} have become known. */
  record StepExpanded(StepPath path, List<PlanStep> steps) implements RunEvent {
    public StepExpanded {
      steps = List.copyOf(steps);
    }
  }

  /**
   * The engine remembers a decision, such as which branch was chosen, so that it need not be taken
   * again. Only engines read it, but a wait for the same key is over with it.
   *
   * @param key the address of a node of the plan, with or without a path: the keys of what holds it
   *     and its own name, joined by slashes; a node without a name counts as {@code /} and its
   *     place among its siblings, as in {@code verify//0/lint}
   */
  record Noted(String key, String value) implements RunEvent {}

  /**
   * A step waits for something outside of the engine. The wait is over with the next event of its
   * path or key.
   *
   * @param key the address of the node, see {@link Noted}; answers name it
   * @param path the step that is shown as waiting; null for a container without a path
   */
  record StepWaiting(String key, @Nullable StepPath path, Wait what) implements RunEvent {}

  /**
   * A step has test reports; sent before it is finished. A second report of the same step replaces
   * the first.
   *
   * @param report blob of a {@link dev.pipewright.protocol.run.TestReport} as JSON
   */
  record TestsFound(StepPath path, TestCounts counts, BlobDigest report) implements RunEvent {}

  /**
   * A step is over. A step that was skipped has this event without a {@link StepStarted}.
   *
   * @param reason why, in words; null where the outcome says it all
   * @param outputs what it left for later steps: name to JSON text
   * @param artifacts the files it kept
   */
  record StepFinished(
      StepPath path,
      Outcome outcome,
      @Nullable String reason,
      Map<String, String> outputs,
      List<Artifact> artifacts)
      implements RunEvent {
    public StepFinished {
      outputs = Map.copyOf(outputs);
      artifacts = List.copyOf(artifacts);
    }
  }

  /**
   * Nothing is left to do but to wait: the engine ends, and another one is started when an answer
   * to one of the waits is there. The last event of a launch.
   *
   * @param forWhat in words
   */
  record RunWaiting(String forWhat) implements RunEvent {}

  /** The attempt is over. Nothing follows but another attempt that a person asks for. */
  record RunFinished(Outcome outcome, @Nullable String reason) implements RunEvent {}
}
