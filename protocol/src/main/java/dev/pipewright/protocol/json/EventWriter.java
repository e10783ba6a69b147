package dev.pipewright.protocol.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes events. Confined to one call. */
final class EventWriter {
  private final JsonGenerator json;

  EventWriter(JsonGenerator json) {
    this.json = json;
  }

  void write(EventEnvelope event) throws IOException {
    json.writeStartObject();
    json.writeNumberField("seq", event.seq());
    json.writeStringField("at", event.at().toString());
    json.writeObjectFieldStart("event");
    write(event.event());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void write(RunEvent event) throws IOException {
    switch (event) {
      case RunEvent.RunStarted started -> {
        type("run-started");
        json.writeStringField("engine", started.engine());
        json.writeNumberField("attempt", started.attempt());
        path("from", started.from());
        json.writeStringField("reason", started.reason());
      }
      case RunEvent.RunResumed resumed -> {
        type("run-resumed");
        json.writeStringField("engine", resumed.engine());
      }
      case RunEvent.StepStarted started -> {
        type("step-started");
        path("path", started.path());
        json.writeNumberField("attempt", started.attempt());
      }
      case RunEvent.StepsReset reset -> {
        type("steps-reset");
        json.writeStringField("key", reset.key());
        texts("paths", reset.paths().stream().map(StepPath::value).toList());
      }
      case RunEvent.StepExpanded expanded -> {
        type("step-expanded");
        path("path", expanded.path());
        steps("steps", expanded.steps());
      }
      case RunEvent.Noted noted -> {
        type("noted");
        json.writeStringField("key", noted.key());
        json.writeStringField("value", noted.value());
      }
      case RunEvent.StepWaiting waiting -> waiting(waiting);
      case RunEvent.TestsFound found -> tests(found);
      case RunEvent.StepFinished finished -> finished(finished);
      case RunEvent.RunWaiting waiting -> {
        type("run-waiting");
        json.writeStringField("forWhat", waiting.forWhat());
      }
      case RunEvent.RunFinished finished -> {
        type("run-finished");
        json.writeStringField("outcome", finished.outcome().name());
        json.writeStringField("reason", finished.reason());
      }
    }
  }

  private void type(String type) throws IOException {
    json.writeStringField("type", type);
  }

  private void path(String name, @Nullable StepPath path) throws IOException {
    json.writeStringField(name, path == null ? null : path.value());
  }

  private void texts(String name, Collection<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private void waiting(RunEvent.StepWaiting waiting) throws IOException {
    Wait what = waiting.what();
    type("step-waiting");
    json.writeStringField("key", waiting.key());
    path("path", waiting.path());
    json.writeObjectFieldStart("what");
    json.writeStringField("kind", what.kind().name());
    json.writeStringField("forWhat", what.forWhat());
    texts("approvers", what.approvers());
    json.writeArrayFieldStart("parameters");
    for (ParameterSpec parameter : what.parameters()) {
      json.writeStartObject();
      json.writeStringField("name", parameter.name());
      json.writeStringField("kind", parameter.kind().name());
      json.writeStringField("description", parameter.description());
      texts("choices", parameter.choices());
      json.writeStringField("defaultValue", parameter.defaultValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("until", what.until() == null ? null : what.until().toString());
    json.writeEndObject();
  }

  private void tests(RunEvent.TestsFound found) throws IOException {
    TestCounts counts = found.counts();
    type("tests-found");
    path("path", found.path());
    json.writeObjectFieldStart("counts");
    json.writeNumberField("passed", counts.passed());
    json.writeNumberField("failed", counts.failed());
    json.writeNumberField("errored", counts.errored());
    json.writeNumberField("skipped", counts.skipped());
    json.writeNumberField("seconds", counts.seconds());
    json.writeEndObject();
    json.writeStringField("report", found.report().value());
  }

  private void finished(RunEvent.StepFinished finished) throws IOException {
    type("step-finished");
    path("path", finished.path());
    json.writeStringField("outcome", finished.outcome().name());
    json.writeStringField("reason", finished.reason());
    json.writeObjectFieldStart("outputs");
    for (Map.Entry<String, String> output : finished.outputs().entrySet()) {
      json.writeStringField(output.getKey(), output.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("artifacts");
    for (Artifact artifact : finished.artifacts()) {
      json.writeStartObject();
      json.writeStringField("path", artifact.path());
      json.writeStringField("digest", artifact.digest().value());
      json.writeNumberField("size", artifact.size());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void steps(String name, List<PlanStep> steps) throws IOException {
    json.writeArrayFieldStart(name);
    for (PlanStep step : steps) {
      step(step);
    }
    json.writeEndArray();
  }

  private void step(PlanStep step) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", step.kind());
    path("path", step.path());
    json.writeStringField("detail", step.detail());
    json.writeStringField("location", step.location());
    json.writeBooleanField("allowFailure", step.allowFailure());
    if (step.timeoutSeconds() == null) {
      json.writeNullField("timeoutSeconds");
    } else {
      json.writeNumberField("timeoutSeconds", step.timeoutSeconds());
    }
    json.writeNumberField("attempts", step.attempts());
    steps("steps", step.steps());
    steps("onFailure", step.onFailure());
    steps("ensure", step.ensure());
    StepNeeds needs = step.needs();
    json.writeObjectFieldStart("needs");
    texts("secrets", needs.secrets());
    texts("locks", needs.locks());
    json.writeStringField("image", needs.image());
    texts("services", needs.services());
    texts("keeps", needs.keeps());
    json.writeBooleanField("atMostOnce", needs.atMostOnce());
    json.writeEndObject();
    json.writeEndObject();
  }
}
