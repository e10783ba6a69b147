package dev.pipewright.protocol.json;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event. The members of all kinds of events are gathered first, because their order is
 * free. Confined to one call.
 */
final class EventReader {
  private final Fields in;

  private String type = "";
  private String engine = "";
  private int attempt = 1;
  private @Nullable StepPath from;
  private @Nullable String reason;
  private @Nullable StepPath path;
  private String key = "";
  private String value = "";
  private String forWhat = "";
  private List<StepPath> paths = List.of();
  private List<PlanStep> steps = List.of();
  private @Nullable Wait what;
  private TestCounts counts = TestCounts.NONE;
  private @Nullable BlobDigest report;
  private @Nullable Outcome outcome;
  private Map<String, String> outputs = Map.of();
  private List<Artifact> artifacts = List.of();

  private EventReader(Fields in) {
    this.in = in;
  }

  static EventEnvelope envelope(Fields in) throws IOException {
    long seq = 0;
    @Nullable Instant at = null;
    @Nullable RunEvent event = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "seq" -> seq = in.number();
        case "at" -> at = in.instant();
        case "event" -> event = new EventReader(in).event();
        default -> in.skip();
      }
    }
    return new EventEnvelope(seq, Fields.present("at", at), Fields.present("event", event));
  }

  private RunEvent event() throws IOException {
    in.beginObject();
    while (in.next()) {
      member(in.name());
    }
    return switch (type) {
      case "run-started" -> new RunEvent.RunStarted(engine, attempt, from, reason);
      case "run-resumed" -> new RunEvent.RunResumed(engine);
      case "step-started" -> new RunEvent.StepStarted(path(), attempt);
      case "steps-reset" -> new RunEvent.StepsReset(key, paths);
      case "step-expanded" -> new RunEvent.StepExpanded(path(), steps);
      case "noted" -> new RunEvent.Noted(key, value);
      case "step-waiting" -> new RunEvent.StepWaiting(key, path, Fields.present("what", what));
      case "tests-found" ->
          new RunEvent.TestsFound(path(), counts, Fields.present("report", report));
      case "step-finished" ->
          new RunEvent.StepFinished(
              path(), Fields.present("outcome", outcome), reason, outputs, artifacts);
      case "run-waiting" -> new RunEvent.RunWaiting(forWhat);
      case "run-finished" -> new RunEvent.RunFinished(Fields.present("outcome", outcome), reason);
      default -> throw new ProtocolException("unknown event '" + type + "'");
    };
  }

  private void member(String name) throws IOException {
    switch (name) {
      case "type" -> type = in.needed();
      case "engine" -> engine = in.needed();
      case "attempt" -> attempt = (int) in.number();
      case "from" -> from = pathOrNull();
      case "reason" -> reason = in.text();
      case "path" -> path = pathOrNull();
      case "key" -> key = in.needed();
      case "value" -> value = in.needed();
      case "forWhat" -> forWhat = in.needed();
      case "paths" -> paths = in.array(() -> new StepPath(in.here()));
      case "steps" -> steps = in.array(new PlanTextReader(in)::step);
      case "what" -> what = AnswerReader.wait(in);
      case "counts" -> counts = counts();
      case "report" -> report = new BlobDigest(in.needed());
      case "outcome" -> outcome = Outcome.valueOf(in.needed());
      case "outputs" -> outputs = in.texts();
      case "artifacts" -> artifacts = in.array(this::artifact);
      default -> in.skip();
    }
  }

  private StepPath path() {
    return Fields.present("path", path);
  }

  private @Nullable StepPath pathOrNull() throws IOException {
    String text = in.text();
    return text == null ? null : new StepPath(text);
  }

  private TestCounts counts() throws IOException {
    int passed = 0;
    int failed = 0;
    int errored = 0;
    int skipped = 0;
    double seconds = 0;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "passed" -> passed = (int) in.number();
        case "failed" -> failed = (int) in.number();
        case "errored" -> errored = (int) in.number();
        case "skipped" -> skipped = (int) in.number();
        case "seconds" -> seconds = in.real();
        default -> in.skip();
      }
    }
    return new TestCounts(passed, failed, errored, skipped, seconds);
  }

  private Artifact artifact() throws IOException {
    String name = "";
    @Nullable BlobDigest digest = null;
    long size = 0;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "path" -> name = in.needed();
        case "digest" -> digest = new BlobDigest(in.needed());
        case "size" -> size = in.number();
        default -> in.skip();
      }
    }
    return new Artifact(name, Fields.present("digest", digest), size);
  }
}
