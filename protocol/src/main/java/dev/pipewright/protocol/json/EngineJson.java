package dev.pipewright.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few messages an engine exchanges, written and read by hand in the same form as {@link Json}.
 * An engine lives for seconds: looking at record classes by reflection would cost it a tenth of one
 * before its first step. Thread-safe.
 */
public final class EngineJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private EngineJson() {}

  /**
   * Reads an assignment.
   *
   * @throws ProtocolException if the bytes are not one
   */
  public static Assignment assignment(byte[] json) {
    return read(json, "an assignment", in -> new AssignmentReader(in).assignment());
  }

  /**
   * Reads what the server wants of an engine.
   *
   * @throws ProtocolException if the bytes do not say it
   */
  public static Control control(byte[] json) {
    return read(json, "a control", EngineJson::control);
  }

  private static Control control(Fields in) throws IOException {
    boolean finished = false;
    @Nullable String by = null;
    @Nullable String reason = null;
    @Nullable Instant at = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "finished" -> finished = in.bool();
        case "cancelledBy" -> by = in.text();
        case "cancelReason" -> reason = in.text();
        case "cancelledAt" -> {
          String text = in.text();
          at = text == null ? null : Instant.parse(text);
        }
        default -> in.skip();
      }
    }
    return new Control(finished, by, reason, at);
  }

  private interface Reader<T> {
    T read(Fields in) throws IOException;
  }

  private static <T> T read(byte[] json, String what, Reader<T> reader) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return reader.read(new Fields(parser));
    } catch (IOException | RuntimeException e) {
      throw new ProtocolException("Could not read " + what + ": " + e.getMessage(), e);
    }
  }

  /** Writes events as {@link Json#bytes} would. */
  public static byte[] bytes(EventBatch batch) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("fence", batch.fence());
      json.writeArrayFieldStart("events");
      for (EventEnvelope event : batch.events()) {
        json.writeStartObject();
        json.writeNumberField("seq", event.seq());
        json.writeStringField("at", event.at().toString());
        json.writeObjectFieldStart("event");
        write(event.event(), json);
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new ProtocolException("Could not write events.", e);
    }
    return out.toByteArray();
  }

  /** Writes a lease as {@link Json#bytes} would. */
  public static byte[] bytes(Lease lease) {
    return ("{\"fence\":" + lease.fence() + "}").getBytes(StandardCharsets.UTF_8);
  }

  private static void write(RunEvent event, JsonGenerator json) throws IOException {
    switch (event) {
      case RunEvent.RunStarted started -> {
        json.writeStringField("type", "run-started");
        json.writeStringField("engine", started.engine());
        json.writeNumberField("attempt", started.attempt());
        json.writeStringField("from", started.from() == null ? null : started.from().value());
        json.writeStringField("reason", started.reason());
      }
      case RunEvent.RunResumed resumed -> {
        json.writeStringField("type", "run-resumed");
        json.writeStringField("engine", resumed.engine());
      }
      case RunEvent.RunWaiting waiting -> {
        json.writeStringField("type", "run-waiting");
        json.writeStringField("forWhat", waiting.forWhat());
      }
      case RunEvent.Noted noted -> {
        json.writeStringField("type", "noted");
        json.writeStringField("key", noted.key());
        json.writeStringField("value", noted.value());
      }
      case RunEvent.StepsReset _, RunEvent.StepExpanded _ -> json.writeRaw("");
      case RunEvent.StepWaiting _, RunEvent.TestsFound _ -> json.writeRaw("");
      case RunEvent.StepStarted started -> {
        json.writeStringField("type", "step-started");
        json.writeStringField("path", started.path().value());
        json.writeNumberField("attempt", started.attempt());
      }
      case RunEvent.StepFinished finished -> {
        json.writeStringField("type", "step-finished");
        json.writeStringField("path", finished.path().value());
        json.writeStringField("outcome", finished.outcome().name());
        json.writeStringField("reason", finished.reason());
        left(finished, json);
      }
      case RunEvent.RunFinished finished -> {
        json.writeStringField("type", "run-finished");
        json.writeStringField("outcome", finished.outcome().name());
        json.writeStringField("reason", finished.reason());
      }
    }
  }

  private static void left(RunEvent.StepFinished finished, JsonGenerator json) throws IOException {
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
}
