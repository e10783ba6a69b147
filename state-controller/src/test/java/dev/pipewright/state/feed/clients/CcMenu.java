package dev.pipewright.state.feed.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * CCMenu 2: takes projects at any depth, words as they are written, and cuts fractions of seconds
 * off. A time without a zone is that of the Mac it runs on, which makes builds of the past happen
 * in the future.
 */
public final class CcMenu implements Client {
  private static final int WITHOUT_ZONE = 19;
  private final ZoneId here;

  /** {@code here} is the zone of the Mac. */
  public CcMenu(ZoneId here) {
    this.here = here;
  }

  @Override
  public Map<String, Seen> read(byte[] feed) {
    Map<String, Seen> found = new LinkedHashMap<>();
    DefaultHandler handler =
        new DefaultHandler() {
          @Override
          public void startElement(String space, String local, String tag, Attributes project) {
            if (tag.equals("Project") && project.getValue("name") != null) {
              found.put(project.getValue("name"), seen(project));
            }
          }
        };
    try {
      SAXParserFactory.newInstance().newSAXParser().parse(new ByteArrayInputStream(feed), handler);
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new UnreadableException("CCMenu shows a connection error: " + e.getMessage(), e);
    }
    return found;
  }

  private Seen seen(Attributes project) {
    String status = text(project.getValue("lastBuildStatus"));
    Seen.Lamp lamp = Seen.Lamp.GREY;
    if (status.equals("Success")) {
      lamp = Seen.Lamp.GREEN;
    } else if (status.equals("Failure") || status.equals("Exception")) {
      lamp = Seen.Lamp.RED;
    }
    return new Seen(
        lamp,
        "Building".equals(project.getValue("activity")),
        time(text(project.getValue("lastBuildTime"))),
        project.getValue("lastBuildLabel"),
        text(project.getValue("webUrl")));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private @Nullable Instant time(String text) {
    String whole = text.replaceFirst("\\.\\d+", "");
    if (whole.length() < WITHOUT_ZONE) {
      return null;
    }
    LocalDateTime local = LocalDateTime.parse(whole.substring(0, WITHOUT_ZONE));
    String zone = whole.substring(WITHOUT_ZONE);
    return zone.isEmpty()
        ? local.atZone(here).toInstant()
        : local.toInstant(ZoneOffset.of(zone.replace("+0000", "Z")));
  }
}
