package dev.pipewright.state.feed.clients;

import java.io.ByteArrayInputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * BuildNotify: what is missing reads as an empty text, an empty time is now, a time that is none
 * breaks the refresh. It has icons for Success and Failure only, everything else is grey. Tells
 * people of what has changed between two looks, which for the same status is the label.
 */
public final class BuildNotify implements Client {
  private final InstantSource clock;

  public BuildNotify(InstantSource clock) {
    this.clock = clock;
  }

  /** What it pops up. */
  public enum News {
    BROKEN,
    FIXED,
    STILL_FAILING,
    STILL_SUCCESSFUL
  }

  @Override
  public Map<String, Seen> read(byte[] feed) {
    Map<String, Seen> found = new LinkedHashMap<>();
    for (Element project : projects(feed)) {
      String icon =
          project.getAttribute("lastBuildStatus") + "." + project.getAttribute("activity");
      Seen.Lamp lamp =
          switch (icon) {
            case "Success.Sleeping", "Success.Building", "Success.CheckingModifications" ->
                Seen.Lamp.GREEN;
            case "Failure.Sleeping", "Failure.Building", "Failure.CheckingModifications" ->
                Seen.Lamp.RED;
            default -> Seen.Lamp.GREY;
          };
      found.put(
          project.getAttribute("name"),
          new Seen(
              lamp,
              icon.endsWith(".Building") && lamp != Seen.Lamp.GREY,
              time(project.getAttribute("lastBuildTime")),
              project.getAttribute("lastBuildLabel"),
              project.getAttribute("webUrl")));
    }
    return found;
  }

  private static List<Element> projects(byte[] feed) {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      builder.setErrorHandler(null);
      Document document = builder.parse(new ByteArrayInputStream(feed));
      NodeList all = document.getElementsByTagName("Project");
      return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i)).toList();
    } catch (Exception e) {
      throw new UnreadableException("BuildNotify does not refresh: " + e.getMessage(), e);
    }
  }

  private Instant time(String text) {
    if (text.isEmpty()) {
      return clock.instant();
    }
    try {
      return DateTimeFormatter.ISO_DATE_TIME.parseBest(
                  text, ZonedDateTime::from, LocalDateTime::from)
              instanceof ZonedDateTime zoned
          ? zoned.toInstant()
          : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException e) {
      throw new UnreadableException("BuildNotify does not refresh: " + e.getMessage(), e);
    }
  }

  /** What it pops up after it has read one feed and then the other. */
  public Map<String, News> news(byte[] earlier, byte[] later) {
    Map<String, Seen> before = read(earlier);
    Map<String, News> told = new TreeMap<>();
    read(later)
        .forEach(
            (name, now) -> {
              Seen old = before.get(name);
              if (old == null || old.lamp() == Seen.Lamp.GREY || now.lamp() == Seen.Lamp.GREY) {
                return;
              }
              boolean green = now.lamp() == Seen.Lamp.GREEN;
              if (old.lamp() != now.lamp()) {
                told.put(name, green ? News.FIXED : News.BROKEN);
              } else if (!String.valueOf(old.label()).equals(now.label())) {
                told.put(name, green ? News.STILL_SUCCESSFUL : News.STILL_FAILING);
              }
            });
    return told;
  }
}
