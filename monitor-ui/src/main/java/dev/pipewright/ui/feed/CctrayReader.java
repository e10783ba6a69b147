package dev.pipewright.ui.feed;

import dev.pipewright.protocol.run.Outcome;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads cctray documents as forgivingly as servers write them: projects at any depth, unknown
 * attributes and elements, missing ones. Document types and with them every entity but the five of
 * XML are refused. Immutable.
 */
final class CctrayReader {
  private static final String WEB_PAGE = "It is a web page, not a feed: is a login needed?";
  private static final int MOST_PROJECTS = 5000;
  private static final int LONGEST_TEXT = 300;
  private static final int LONGEST_URL = 2000;

  private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();

  CctrayReader() {
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("It refers to another document.");
        });
  }

  /**
   * The projects in the order of the document.
   *
   * @throws FeedException if it is no XML, has a document type, or has more than 5000 projects
   */
  List<FeedProject> read(byte[] document) throws FeedException {
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(document));
      try {
        return projects(xml);
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      throw new FeedException(
          looksLikeHtml(document) ? WEB_PAGE : "It is not well-formed XML" + where(e) + ".");
    }
  }

  private static List<FeedProject> projects(XMLStreamReader xml)
      throws XMLStreamException, FeedException {
    List<FeedProject> found = new ArrayList<>();
    for (int event = xml.getEventType();
        event != XMLStreamConstants.END_DOCUMENT;
        event = xml.next()) {
      if (event == XMLStreamConstants.DTD) {
        throw new FeedException(
            String.valueOf(xml.getText()).toLowerCase(Locale.ROOT).contains("html")
                ? WEB_PAGE
                : "It has a document type, which is refused.");
      }
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      if (xml.getLocalName().equalsIgnoreCase("html")) {
        throw new FeedException(WEB_PAGE);
      }
      if (xml.getLocalName().equals("Project")) {
        if (found.size() == MOST_PROJECTS) {
          throw new FeedException("It has more than " + MOST_PROJECTS + " projects.");
        }
        found.add(project(xml));
      } else if (xml.getLocalName().equals("message") && !found.isEmpty()) {
        addBreakers(xml, found);
      }
    }
    return found;
  }

  private static FeedProject project(XMLStreamReader xml) {
    String activity = attribute(xml, "activity");
    String time = attribute(xml, "lastBuildTime");
    String name = attribute(xml, "name");
    return new FeedProject(
        name == null || name.isBlank() ? "(no name)" : name,
        outcome(attribute(xml, "lastBuildStatus")),
        activity != null && activity.equalsIgnoreCase("Building"),
        attribute(xml, "lastBuildLabel"),
        time == null ? null : FeedTime.parse(time),
        url(xml.getAttributeValue(null, "webUrl")),
        null);
  }

  private static void addBreakers(XMLStreamReader xml, List<FeedProject> found) {
    String text = attribute(xml, "text");
    if (text == null || text.isBlank() || !"Breakers".equals(attribute(xml, "kind"))) {
      return;
    }
    FeedProject last = found.removeLast();
    found.add(
        new FeedProject(
            last.name(),
            last.outcome(),
            last.building(),
            last.label(),
            last.finishedAt(),
            last.url(),
            text));
  }

  private static @Nullable Outcome outcome(@Nullable String status) {
    return switch (status == null ? "" : status.toLowerCase(Locale.ROOT)) {
      case "success" -> Outcome.SUCCEEDED;
      case "failure" -> Outcome.FAILED;
      case "exception", "error" -> Outcome.ERRORED;
      case "cancelled" -> Outcome.CANCELLED;
      default -> null;
    };
  }

  private static @Nullable String url(@Nullable String text) {
    if (text == null || text.length() > LONGEST_URL) {
      return null;
    }
    try {
      URI uri = URI.create(text.strip());
      String scheme = uri.getScheme();
      boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
      return web && uri.getHost() != null ? uri.toString() : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null || value.length() <= LONGEST_TEXT
        ? value
        : value.substring(0, LONGEST_TEXT - 1) + "…";
  }

  private static boolean looksLikeHtml(byte[] document) {
    String start =
        new String(
                document,
                0,
                Math.min(document.length, 1000),
                java.nio.charset.StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT);
    return start.contains("<html") || start.contains("<!doctype html");
  }

  private static String where(XMLStreamException fault) {
    return fault.getLocation() == null ? "" : " in line " + fault.getLocation().getLineNumber();
  }
}
