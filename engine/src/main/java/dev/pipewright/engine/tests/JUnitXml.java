package dev.pipewright.engine.tests;

import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.TestReport.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reports that test tools write in JUnit's form and its dialects: Surefire, Gradle,
 * pytest, Jest, GoogleTest, PHPUnit, CTest. Nothing outside of the file is ever read: a document
 * type, and with it every entity, is refused. Confined to one file.
 */
final class JUnitXml {
  private static final int DEEPEST = 50;
  private static final XMLInputFactory FACTORY = factory();

  private final XMLStreamReader in;
  private final CaseSink sink;
  private final Deque<String> suites = new ArrayDeque<>();
  private boolean isReport;

  private JUnitXml(XMLStreamReader in, CaseSink sink) {
    this.in = in;
    this.sink = sink;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    // References such as &lt; count as entities; there are no others without a document type.
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    factory.setXMLResolver(
        (_, _, _, _) -> {
          throw new XMLStreamException("refers to something outside of the file");
        });
    return factory;
  }

  /**
   * Reads one file. What was read before it turned out to be broken has been taken.
   *
   * @throws BrokenReportException if it is not a report or breaks off
   * @throws IOException if it cannot be read
   */
  static void read(Path file, CaseSink sink) throws IOException, BrokenReportException {
    try (InputStream in = new PlainText(Files.newInputStream(file))) {
      XMLStreamReader reader = FACTORY.createXMLStreamReader(in);
      try {
        new JUnitXml(reader, sink).document();
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new BrokenReportException(where(e));
    }
  }

  private static String where(XMLStreamException e) {
    String message = String.valueOf(e.getMessage()).lines().reduce((_, last) -> last).orElse("");
    int line = e.getLocation() == null ? -1 : e.getLocation().getLineNumber();
    return (line < 0 ? "" : "line " + line + ": ") + message.replaceFirst("^Message: ", "");
  }

  private void document() throws XMLStreamException, BrokenReportException {
    int depth = 0;
    while (in.hasNext()) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++depth > DEEPEST) {
            throw new BrokenReportException("it is nested too deeply");
          }
          depth -= element() ? 1 : 0;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          depth--;
          if (in.getLocalName().equals("testsuite")) {
            suites.pop();
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new BrokenReportException(
                "it has a document type or entities, which are not read");
        default -> {}
      }
    }
    if (!isReport) {
      throw new BrokenReportException("it is not a report in JUnit's form");
    }
  }

  /** Takes the element that begins; true if it was read to its end. */
  private boolean element() throws XMLStreamException, BrokenReportException {
    switch (in.getLocalName()) {
      case "testsuites" -> isReport = true;
      case "testsuite" -> {
        isReport = true;
        suites.push(attribute("name"));
      }
      case "testcase" -> {
        isReport = true;
        testCase();
        return true;
      }
      default -> {}
    }
    return false;
  }

  private void testCase() throws XMLStreamException, BrokenReportException {
    String suite = attribute("classname");
    suite = suite.isEmpty() ? attribute("class") : suite;
    suite = suite.isEmpty() && !suites.isEmpty() ? String.valueOf(suites.peek()) : suite;
    String name = attribute("name");
    double seconds = Numbers.seconds(in.getAttributeValue(null, "time"));
    Result result = byStatus();
    @Nullable String message = null;
    @Nullable String detail = null;
    int depth = 1;
    while (depth > 0) {
      switch (next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          Result told = told(in.getLocalName());
          boolean first = result == Result.PASSED || (result != told && detail == null);
          if (depth > 1 || told == null || !first) {
            depth++;
            continue;
          }
          result = told;
          message = in.getAttributeValue(null, "message");
          String type = attribute("type");
          detail = text(type);
        }
        case XMLStreamConstants.END_ELEMENT -> depth--;
        default -> {}
      }
    }
    sink.take(new TestReport.Case(suite, name, result, seconds, message, detail));
  }

  /** The result an attribute tells, for tools that have no element for tests that were not run. */
  private Result byStatus() {
    return switch (attribute("status")) {
      case "notrun", "disabled", "skipped" -> Result.SKIPPED;
      case "fail", "failed" -> Result.FAILED;
      case "error", "errored" -> Result.ERRORED;
      default -> attribute("result").equals("skipped") ? Result.SKIPPED : Result.PASSED;
    };
  }

  private static @Nullable Result told(String element) {
    return switch (element) {
      case "failure" -> Result.FAILED;
      case "error" -> Result.ERRORED;
      case "skipped", "disabled" -> Result.SKIPPED;
      default -> null;
    };
  }

  /** The text of the element that has begun, up to its end and no longer than is kept. */
  private String text(String otherwise) throws XMLStreamException, BrokenReportException {
    StringBuilder text = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      switch (next()) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          int room = CutText.DETAIL + 1 - text.length();
          int there = in.getTextLength();
          text.append(in.getTextCharacters(), in.getTextStart(), Math.min(room, there));
        }
        default -> {}
      }
    }
    return text.toString().isBlank() ? otherwise : text.toString();
  }

  private int next() throws XMLStreamException, BrokenReportException {
    int event = in.next();
    if (event == XMLStreamConstants.ENTITY_REFERENCE || event == XMLStreamConstants.DTD) {
      throw new BrokenReportException("it has entities, which are not read");
    }
    return event;
  }

  private String attribute(String name) {
    String value = in.getAttributeValue(null, name);
    return value == null ? "" : value;
  }
}
