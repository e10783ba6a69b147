package dev.pipewright.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes test reports by hand in the same form as {@link Json}, within a limit. Thread-safe. */
public final class TestReportJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Room for what follows the tests. */
  private static final int TAIL = 1024;

  private TestReportJson() {}

  /**
   * Writes a report in at most {@code limit} bytes. Where it would be longer, first texts are left
   * out from the first test on that does not fit, then tests, which are then counted as omitted.
   */
  public static byte[] bytes(TestReport report, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeFieldName("counts");
      write(report.counts(), json);
      json.writeArrayFieldStart("cases");
      int written = 0;
      for (TestReport.Case test : report.cases()) {
        byte[] text = fitting(test, limit - TAIL - out.size());
        if (text == null) {
          break;
        }
        json.writeRawValue(new String(text, StandardCharsets.UTF_8));
        json.flush();
        written++;
      }
      json.writeEndArray();
      json.writeNumberField("omitted", report.omitted() + report.cases().size() - written);
      json.writeEndObject();
    } catch (IOException e) {
      throw new ProtocolException("Could not write a test report.", e);
    }
    return out.toByteArray();
  }

  private static byte @Nullable [] fitting(TestReport.Case test, int room) throws IOException {
    byte[] whole = bytes(test, true);
    if (whole.length <= room) {
      return whole;
    }
    byte[] brief = bytes(test, false);
    return brief.length <= room ? brief : null;
  }

  private static byte[] bytes(TestReport.Case test, boolean whole) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("suite", test.suite());
      json.writeStringField("name", test.name());
      json.writeStringField("result", test.result().name());
      json.writeNumberField("seconds", test.seconds());
      json.writeStringField("message", test.message());
      json.writeStringField("detail", whole ? test.detail() : null);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void write(TestCounts counts, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("passed", counts.passed());
    json.writeNumberField("failed", counts.failed());
    json.writeNumberField("errored", counts.errored());
    json.writeNumberField("skipped", counts.skipped());
    json.writeNumberField("seconds", counts.seconds());
    json.writeEndObject();
  }
}
