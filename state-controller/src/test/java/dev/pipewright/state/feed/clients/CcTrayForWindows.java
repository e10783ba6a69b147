package dev.pipewright.state.feed.clients;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.datatype.DatatypeConfigurationException;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/**
 * CCTray for Windows: makes typed objects of the whole feed, so that one word or one time that is
 * not exactly right fails all projects.
 */
public final class CcTrayForWindows implements Client {
  private enum Activity {
    Sleeping,
    Building,
    CheckingModifications,
    Pending
  }

  private enum Status {
    Success(Seen.Lamp.GREEN),
    Failure(Seen.Lamp.RED),
    Exception(Seen.Lamp.RED),
    Unknown(Seen.Lamp.GREY),
    Cancelled(Seen.Lamp.GREY);

    private final Seen.Lamp lamp;

    Status(Seen.Lamp lamp) {
      this.lamp = lamp;
    }
  }

  @Override
  public Map<String, Seen> read(byte[] feed) {
    Map<String, Seen> found = new LinkedHashMap<>();
    try {
      XMLEventReader events =
          XMLInputFactory.newInstance().createXMLEventReader(new ByteArrayInputStream(feed));
      while (events.hasNext()) {
        XMLEvent event = events.nextEvent();
        if (event.isStartElement()
            && event.asStartElement().getName().getLocalPart().equals("Project")) {
          StartElement project = event.asStartElement();
          found.put(value(project, "name"), seen(project));
        }
      }
    } catch (XMLStreamException | IllegalArgumentException | DatatypeConfigurationException e) {
      throw new UnreadableException("CCTray shows no project: " + e.getMessage(), e);
    }
    return found;
  }

  private static Seen seen(StartElement project) throws DatatypeConfigurationException {
    Status status = Status.valueOf(value(project, "lastBuildStatus"));
    Activity activity = Activity.valueOf(value(project, "activity"));
    Instant at =
        DatatypeFactory.newInstance()
            .newXMLGregorianCalendar(value(project, "lastBuildTime"))
            .toGregorianCalendar()
            .toInstant();
    return new Seen(
        status.lamp,
        activity == Activity.Building,
        at,
        value(project, "lastBuildLabel"),
        value(project, "webUrl"));
  }

  private static String value(StartElement project, String name) {
    Attribute attribute = project.getAttributeByName(new QName(name));
    return attribute == null ? "" : attribute.getValue();
  }
}
