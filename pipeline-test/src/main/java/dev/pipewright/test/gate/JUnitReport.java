package dev.pipewright.test.gate;

import dev.pipewright.test.gate.TestCase.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Writes how tests ended in the form that JUnit made common. */
final class JUnitReport {
  private JUnitReport() {}

  /** The report, as XML in UTF-8. */
  static byte[] of(List<TestCase> cases) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "pipelines");
      xml.writeAttribute("tests", String.valueOf(cases.size()));
      xml.writeAttribute("failures", String.valueOf(count(cases, Result.FAILED)));
      xml.writeAttribute("skipped", String.valueOf(count(cases, Result.SKIPPED)));
      for (TestCase each : cases) {
        write(xml, each);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
      return bytes.toByteArray();
    } catch (XMLStreamException e) {
      throw new IOException("Could not write the report of the tests: " + e.getMessage(), e);
    }
  }

  private static long count(List<TestCase> cases, Result result) {
    return cases.stream().filter(each -> each.result() == result).count();
  }

  private static void write(XMLStreamWriter xml, TestCase test) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", clean(test.className()));
    xml.writeAttribute("name", clean(test.name()));
    xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", test.millis() / 1000.0));
    if (test.result() != Result.PASSED) {
      xml.writeStartElement(test.result() == Result.FAILED ? "failure" : "skipped");
      xml.writeAttribute("message", clean(test.message()));
      @Nullable Throwable thrown = test.thrown();
      if (thrown != null) {
        xml.writeAttribute("type", thrown.getClass().getName());
        xml.writeCharacters(clean(trace(thrown)));
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** XML has no way to write most control characters, nor half of a surrogate pair. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(isAllowed(c) ? c : '\uFFFD'));
    return clean.toString();
  }

  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
