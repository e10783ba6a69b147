package dev.pipewright.protocol.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something an engine did. The engine that holds a run's fence is the only writer of its events.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.RunStarted.class, name = "run-started"),
  @JsonSubTypes.Type(value = RunEvent.StepStarted.class, name = "step-started"),
  @JsonSubTypes.Type(value = RunEvent.StepFinished.class, name = "step-finished"),
  @JsonSubTypes.Type(value = RunEvent.RunFinished.class, name = "run-finished")
})
public sealed interface RunEvent {

  /** The engine has loaded the pipeline and begins; {@code engine} is its version. */
  record RunStarted(String engine) implements RunEvent {}

  /** A step begins; {@code attempt} counts from 1 and grows when the step is tried again. */
  record StepStarted(StepPath path, int attempt) implements RunEvent {}

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

  /** The run is over. Nothing follows. */
  record RunFinished(Outcome outcome, @Nullable String reason) implements RunEvent {}
}
