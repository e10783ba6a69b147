package dev.pipewright.state.feed.clients;

import java.io.ByteArrayInputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * CCDroidX: five attributes must be there, the time must have a zone, and the activity must be one
 * of three words; else the whole feed is lost. Other states are taken as Unknown.
 */
public final class CcDroidX implements Client {
  @Override
  public Map<String, Seen> read(byte[] feed) {
    Map<String, Seen> found = new LinkedHashMap<>();
    try {
      XMLStreamReader in =
          XMLInputFactory.newInstance().createXMLStreamReader(new ByteArrayInputStream(feed));
      while (in.hasNext()) {
        if (in.next() == XMLStreamConstants.START_ELEMENT && in.getLocalName().equals("Project")) {
          found.put(needed(in, "name"), seen(in));
        }
      }
    } catch (XMLStreamException | DateTimeException e) {
      throw new UnreadableException("CCDroidX loses the feed: " + e.getMessage(), e);
    }
    return found;
  }

  private static Seen seen(XMLStreamReader in) {
    String activity = needed(in, "activity");
    if (!activity.matches("Sleeping|Building|CheckingModifications")) {
      throw new UnreadableException("CCDroidX does not know the activity " + activity);
    }
    Seen.Lamp lamp =
        switch (needed(in, "lastBuildStatus")) {
          case "Success" -> Seen.Lamp.GREEN;
          case "Failure", "Exception" -> Seen.Lamp.RED;
          default -> Seen.Lamp.GREY;
        };
    Instant at =
        OffsetDateTime.parse(needed(in, "lastBuildTime"), DateTimeFormatter.ISO_OFFSET_DATE_TIME)
            .toInstant();
    return new Seen(lamp, activity.equals("Building"), at, null, needed(in, "webUrl"));
  }

  private static String needed(XMLStreamReader in, String name) {
    String value = in.getAttributeValue(null, name);
    if (value == null) {
      throw new UnreadableException("CCDroidX misses the attribute " + name);
    }
    return value;
  }
}
