package dev.pipewright.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few messages an engine exchanges, written and read by hand in the same form as {@link Json}.
 * An engine lives for seconds: looking at record classes by reflection would cost it a tenth of one
 * before its first step. Thread-safe.
 */
public final class EngineJson {
  private static final int DEEPEST = 256;
  private static final int LONGEST = 16_000_000;
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST)
                  .build())
          .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

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
   * Reads the settings an engine is told when it gets its run, by the names of environment
   * variables.
   *
   * @throws ProtocolException if the bytes are none; the message holds nothing of them
   */
  public static Map<String, String> settings(byte[] json) {
    try {
      return read(json, "settings", Fields::texts);
    } catch (ProtocolException e) {
      throw new ProtocolException("Could not read the settings of the run.");
    }
  }

  /**
   * Reads what the server wants of an engine.
   *
   * @throws ProtocolException if the bytes do not say it
   */
  public static Control control(byte[] json) {
    return read(json, "a control", EngineJson::control);
  }

  /**
   * Reads the events of a run.
   *
   * @throws ProtocolException if the bytes are none
   */
  public static List<EventEnvelope> events(byte[] json) {
    return read(json, "events", in -> in.array(() -> EventReader.envelope(in)));
  }

  /**
   * Reads events of one launch.
   *
   * @throws ProtocolException if the bytes are none
   */
  public static EventBatch batch(byte[] json) {
    return read(json, "events of a launch", EngineJson::batch);
  }

  private static EventBatch batch(Fields in) throws IOException {
    long fence = 0;
    List<EventEnvelope> events = List.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "fence" -> fence = in.number();
        case "events" -> events = in.array(() -> EventReader.envelope(in));
        default -> in.skip();
      }
    }
    return new EventBatch(fence, events);
  }

  /**
   * Reads one event.
   *
   * @throws ProtocolException if the bytes are none
   */
  public static EventEnvelope event(byte[] json) {
    return read(json, "an event", EventReader::envelope);
  }

  /**
   * Reads the answer to a wish for a lock.
   *
   * @throws ProtocolException if the bytes are none
   */
  public static LockAnswer lockAnswer(byte[] json) {
    return read(json, "the answer to a lock request", ServiceAnswers::lockAnswer);
  }

  /**
   * Reads secrets.
   *
   * @throws ProtocolException if the bytes are none; the message holds nothing of them
   */
  public static SecretValues secrets(byte[] json) {
    try {
      return read(json, "secrets", ServiceAnswers::secrets);
    } catch (ProtocolException e) {
      throw new ProtocolException("Could not read the secrets the server sent.");
    }
  }

  /**
   * Reads what is kept for a cache key.
   *
   * @throws ProtocolException if the bytes do not say it
   */
  public static CacheAnswer cacheAnswer(byte[] json) {
    return read(json, "the answer to a cache request", ServiceAnswers::cacheAnswer);
  }

  /**
   * Reads how a container stands.
   *
   * @throws ProtocolException if the bytes do not say it
   */
  public static SideView side(byte[] json) {
    return read(json, "the state of a container", ServiceAnswers::side);
  }

  /**
   * Reads the id of a stored wish for a run.
   *
   * @throws ProtocolException if the bytes do not say it
   */
  public static String deliveryId(byte[] json) {
    return read(json, "the answer to a wish for a run", in -> member(in, "id"));
  }

  /**
   * Reads a problem.
   *
   * @throws ProtocolException if the bytes are none
   */
  public static Problem problem(byte[] json) {
    return read(json, "a problem", ServiceAnswers::problem);
  }

  private static Control control(Fields in) throws IOException {
    boolean finished = false;
    @Nullable String by = null;
    @Nullable String reason = null;
    @Nullable Instant at = null;
    List<Answer> answers = List.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "finished" -> finished = in.bool();
        case "cancelledBy" -> by = in.text();
        case "cancelReason" -> reason = in.text();
        case "cancelledAt" -> at = in.instant();
        case "answers" -> answers = in.array(() -> AnswerReader.answer(in));
        default -> in.skip();
      }
    }
    return new Control(finished, by, reason, at, answers, true);
  }

  private static String member(Fields in, String wanted) throws IOException {
    @Nullable String found = null;
    in.beginObject();
    while (in.next()) {
      if (in.name().equals(wanted)) {
        found = in.needed();
      } else {
        in.skip();
      }
    }
    return Fields.present(wanted, found);
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

  private interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Writer writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      writer.write(json);
    } catch (IOException e) {
      throw new ProtocolException("Could not write a message.", e);
    }
    return out.toByteArray();
  }

  /** Writes events as {@link Json#bytes} would. */
  public static byte[] bytes(EventBatch batch) {
    return write(
        json -> {
          EventWriter writer = new EventWriter(json);
          json.writeStartObject();
          json.writeNumberField("fence", batch.fence());
          json.writeArrayFieldStart("events");
          for (EventEnvelope event : batch.events()) {
            writer.write(event);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Writes one event as {@link Json#bytes} would. */
  public static byte[] bytes(EventEnvelope event) {
    return write(json -> new EventWriter(json).write(event));
  }

  /** Writes a lease as {@link Json#bytes} would. */
  public static byte[] bytes(Lease lease) {
    return ("{\"fence\":" + lease.fence() + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a wish for a lock as {@link Json#bytes} would. */
  public static byte[] bytes(LockRequest request) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("fence", request.fence());
          json.writeStringField("name", request.name());
          json.writeStringField("key", request.key());
          json.writeEndObject();
        });
  }

  /** Writes a wish for secrets as {@link Json#bytes} would. */
  public static byte[] bytes(SecretsRequest request) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("fence", request.fence());
          json.writeStringField("path", request.path().value());
          texts("names", request.names(), json);
          json.writeEndObject();
        });
  }

  /** Writes a wish for a run as {@link Json#bytes} would. */
  public static byte[] bytes(DownstreamRequest request) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("fence", request.fence());
          json.writeStringField("key", request.key());
          json.writeStringField("pipeline", request.pipeline().value());
          json.writeObjectFieldStart("parameters");
          for (Map.Entry<String, String> each : request.parameters().entrySet()) {
            json.writeStringField(each.getKey(), each.getValue());
          }
          json.writeEndObject();
          json.writeBooleanField("awaited", request.awaited());
          json.writeEndObject();
        });
  }

  /** Writes a cache entry as {@link Json#bytes} would. */
  public static byte[] bytes(CacheEntry entry) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("fence", entry.fence());
          json.writeStringField("key", entry.key());
          json.writeStringField("blob", entry.blob().value());
          json.writeNumberField("size", entry.size());
          json.writeEndObject();
        });
  }

  /** Writes a wish for a container as {@link Json#bytes} would. */
  public static byte[] bytes(SideRequest request) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("fence", request.fence());
          json.writeStringField("key", request.key());
          json.writeStringField("name", request.name());
          json.writeStringField("image", request.image());
          texts("command", request.command(), json);
          json.writeEndObject();
        });
  }

  /** Writes the end of a container as {@link Json#bytes} would. */
  public static byte[] bytes(SideEnd end) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("fence", end.fence());
          json.writeStringField("key", end.key());
          json.writeEndObject();
        });
  }

  private static void texts(String name, List<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
