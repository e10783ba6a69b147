package dev.pipewright.state.mask;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.Wait;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hides secrets in what an engine reports. Addresses and keys stay as they are, as they come from
 * the plan and everything hangs on them. Pure.
 */
public final class EventMask {
  private static final String HIDDEN = "\"***\"";

  private final Mask mask;

  /** Hides what {@code mask} hides. */
  public EventMask(Mask mask) {
    this.mask = mask;
  }

  /** These events without secrets. */
  public List<EventEnvelope> events(List<EventEnvelope> events) {
    return mask.isEmpty()
        ? events
        : events.stream()
            .map(one -> new EventEnvelope(one.seq(), one.at(), event(one.event())))
            .toList();
  }

  private RunEvent event(RunEvent event) {
    return switch (event) {
      case RunEvent.RunStarted started ->
          new RunEvent.RunStarted(
              started.engine(),
              started.attempt(),
              started.from(),
              mask.textIfAny(started.reason()));
      case RunEvent.RunResumed resumed -> resumed;
      case RunEvent.StepStarted started -> started;
      case RunEvent.StepsReset reset -> reset;
      case RunEvent.StepExpanded(var path, var steps) ->
          new RunEvent.StepExpanded(path, steps.stream().map(this::planned).toList());
      case RunEvent.Noted(var key, var value) -> new RunEvent.Noted(key, mask.text(value));
      case RunEvent.StepWaiting(var key, var path, var what) ->
          new RunEvent.StepWaiting(key, path, wait(what));
      case RunEvent.TestsFound found -> found;
      case RunEvent.StepFinished finished -> finished(finished);
      case RunEvent.RunWaiting(var forWhat) -> new RunEvent.RunWaiting(mask.text(forWhat));
      case RunEvent.RunFinished(var outcome, var reason) ->
          new RunEvent.RunFinished(outcome, mask.textIfAny(reason));
    };
  }

  private RunEvent finished(RunEvent.StepFinished finished) {
    Map<String, String> outputs = new HashMap<>();
    finished.outputs().forEach((name, json) -> outputs.put(name, output(json)));
    List<Artifact> artifacts =
        finished.artifacts().stream()
            .map(kept -> new Artifact(mask.text(kept.path()), kept.digest(), kept.size()))
            .toList();
    return new RunEvent.StepFinished(
        finished.path(), finished.outcome(), mask.textIfAny(finished.reason()), outputs, artifacts);
  }

  /** An output stays JSON: where asterisks would break it, all of it is hidden. */
  private String output(String json) {
    String masked = mask.text(json);
    if (masked.equals(json)) {
      return json;
    }
    try {
      Object unused = Json.tree(masked.getBytes(StandardCharsets.UTF_8));
      return masked;
    } catch (ProtocolException e) {
      return HIDDEN;
    }
  }

  private Wait wait(Wait what) {
    return new Wait(
        what.kind(),
        mask.text(what.forWhat()),
        what.approvers(),
        what.parameters().stream().map(this::parameter).toList(),
        what.until());
  }

  private ParameterSpec parameter(ParameterSpec spec) {
    return new ParameterSpec(
        spec.name(),
        spec.kind(),
        mask.text(spec.description()),
        spec.choices().stream().map(mask::text).toList(),
        mask.textIfAny(spec.defaultValue()));
  }

  private PlanStep planned(PlanStep step) {
    return new PlanStep(
        step.kind(),
        step.path(),
        mask.text(step.detail()),
        step.location(),
        step.allowFailure(),
        step.timeoutSeconds(),
        step.attempts(),
        step.steps().stream().map(this::planned).toList(),
        step.onFailure().stream().map(this::planned).toList(),
        step.ensure().stream().map(this::planned).toList(),
        step.needs());
  }

  /** This report of tests without secrets; what it lacks, it lacks afterwards. */
  public TestReport report(TestReport report) {
    return new TestReport(
        report.counts(), report.cases().stream().map(this::test).toList(), report.omitted());
  }

  @SuppressWarnings("NullAway") // What is read from JSON may lack anything, whatever its type says.
  private TestReport.Case test(TestReport.Case test) {
    return new TestReport.Case(
        mask.textIfAny(test.suite()),
        mask.textIfAny(test.name()),
        test.result(),
        test.seconds(),
        mask.textIfAny(test.message()),
        mask.textIfAny(test.detail()));
  }
}
