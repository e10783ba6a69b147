package dev.pipewright.protocol.json;

import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads waits and the answers to them. */
final class AnswerReader {
  private AnswerReader() {}

  static Answer answer(Fields in) throws IOException {
    @Nullable String key = null;
    Answer.@Nullable Verdict verdict = null;
    @Nullable String by = null;
    @Nullable String note = null;
    @Nullable Instant at = null;
    Map<String, String> values = Map.of();
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "key" -> key = in.needed();
        case "verdict" -> verdict = Answer.Verdict.valueOf(in.needed());
        case "by" -> by = in.text();
        case "note" -> note = in.text();
        case "at" -> at = in.instant();
        case "values" -> values = in.texts();
        default -> in.skip();
      }
    }
    return new Answer(
        Fields.present("key", key),
        Fields.present("verdict", verdict),
        by,
        note,
        Fields.present("at", at),
        values);
  }

  static Wait wait(Fields in) throws IOException {
    Wait.@Nullable Kind kind = null;
    String forWhat = "";
    List<String> approvers = List.of();
    List<ParameterSpec> parameters = List.of();
    @Nullable Instant until = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "kind" -> kind = Wait.Kind.valueOf(in.needed());
        case "forWhat" -> forWhat = in.needed();
        case "approvers" -> approvers = in.array(in::here);
        case "parameters" -> parameters = in.array(() -> parameter(in));
        case "until" -> until = in.instant();
        default -> in.skip();
      }
    }
    return new Wait(Fields.present("kind", kind), forWhat, approvers, parameters, until);
  }

  private static ParameterSpec parameter(Fields in) throws IOException {
    String name = "";
    ParameterSpec.@Nullable Kind kind = null;
    String description = "";
    List<String> choices = List.of();
    @Nullable String defaultValue = null;
    in.beginObject();
    while (in.next()) {
      switch (in.name()) {
        case "name" -> name = in.needed();
        case "kind" -> kind = ParameterSpec.Kind.valueOf(in.needed());
        case "description" -> description = in.needed();
        case "choices" -> choices = in.array(in::here);
        case "defaultValue" -> defaultValue = in.text();
        default -> in.skip();
      }
    }
    return new ParameterSpec(
        name, Fields.present("kind", kind), description, choices, defaultValue);
  }
}
