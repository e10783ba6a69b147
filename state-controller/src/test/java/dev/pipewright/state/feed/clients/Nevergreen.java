package dev.pipewright.state.feed.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Nevergreen with clj-cctray: takes the projects right below the root; a time with a fraction of
 * other than three digits, or a zone without colon, is dropped without a word. What it shows comes
 * from the pair of status and activity; a pair it does not know is "unknown", which it hides.
 */
public final class Nevergreen implements Client {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?)(Z|[+-]\\d\\d:\\d\\d)?");

  @Override
  public Map<String, Seen> read(byte[] feed) {
    Map<String, Seen> found = new LinkedHashMap<>();
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      builder.setErrorHandler(null);
      Element root = builder.parse(new ByteArrayInputStream(feed)).getDocumentElement();
      for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node instanceof Element project && project.getTagName().equals("Project")) {
          found.put(project.getAttribute("name"), seen(project));
        }
      }
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new UnreadableException("Nevergreen shows an error: " + e.getMessage(), e);
    }
    return found;
  }

  private static Seen seen(Element project) {
    String prognosis =
        keyword(project.getAttribute("lastBuildStatus"))
            + " "
            + keyword(project.getAttribute("activity"));
    return new Seen(
        switch (prognosis) {
          case "success sleeping", "success building" -> Seen.Lamp.GREEN;
          case "failure sleeping", "failure building", "error sleeping", "error building" ->
              Seen.Lamp.RED;
          default -> Seen.Lamp.GREY;
        },
        prognosis.endsWith(" building"),
        time(project.getAttribute("lastBuildTime")),
        project.getAttribute("lastBuildLabel"),
        project.getAttribute("webUrl"));
  }

  private static String keyword(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Instant time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String zone = matcher.group(2);
    return zone == null
        ? LocalDateTime.parse(matcher.group(1)).toInstant(ZoneOffset.UTC)
        : OffsetDateTime.parse(text).toInstant();
  }

  /** The name as a tile shows it: in small letters, parted at humps, hyphens and dots. */
  public static String displayed(String name) {
    return name.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2")
        .replaceAll("[-_.]+", " ")
        .replaceAll(" +", " ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
