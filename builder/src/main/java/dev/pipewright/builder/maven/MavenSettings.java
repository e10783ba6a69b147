package dev.pipewright.builder.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What Maven's own settings files say about mirrors and their passwords. Of a file that cannot be
 * read nothing is used. Immutable.
 *
 * @param files the files, the one that is asked first in front
 * @param environment fills {@code ${env.NAME}}
 */
record MavenSettings(List<Path> files, Map<String, String> environment) {
  private static final Logger log = LoggerFactory.getLogger(MavenSettings.class);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env\\.([A-Za-z0-9_]+)}");

  MavenSettings {
    files = List.copyOf(files);
    environment = Map.copyOf(environment);
  }

  /** The files where Maven has them: the user's, then the machine's. */
  static MavenSettings ofThisMachine() {
    List<Path> files = new ArrayList<>();
    files.add(Path.of(System.getProperty("user.home"), ".m2", "settings.xml"));
    Map<String, String> environment = System.getenv();
    for (String home : List.of("MAVEN_HOME", "M2_HOME")) {
      Optional.ofNullable(environment.get(home))
          .ifPresent(folder -> files.add(Path.of(folder, "conf", "settings.xml")));
    }
    files.add(Path.of("/etc/maven/settings.xml"));
    return new MavenSettings(files, environment);
  }

  /** The mirror to use instead of a repository; the repository itself if there is none. */
  RemoteRepository mirrored(RemoteRepository repository) {
    for (Path file : files) {
      Optional<RemoteRepository> mirror = document(file).flatMap(read -> mirror(read, repository));
      if (mirror.isPresent()) {
        return mirror.get();
      }
    }
    return repository;
  }

  private Optional<RemoteRepository> mirror(Document settings, RemoteRepository repository) {
    DefaultMirrorSelector selector = new DefaultMirrorSelector();
    for (Element mirror : elements(settings, "mirror")) {
      selector.add(
          text(mirror, "id"),
          text(mirror, "url"),
          "default",
          false,
          "true".equals(text(mirror, "blocked")),
          text(mirror, "mirrorOf"),
          "*");
    }
    return Optional.ofNullable(selector.getMirror(repository))
        .map(found -> withPassword(settings, found));
  }

  private RemoteRepository withPassword(Document settings, RemoteRepository mirror) {
    for (Element server : elements(settings, "server")) {
      if (text(server, "id").equals(mirror.getId()) && !text(server, "username").isEmpty()) {
        return new RemoteRepository.Builder(mirror)
            .setAuthentication(
                new AuthenticationBuilder()
                    .addUsername(text(server, "username"))
                    .addPassword(text(server, "password"))
                    .build())
            .build();
      }
    }
    return mirror;
  }

  private static Optional<Document> document(Path file) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return Optional.of(builder.parse(file.toFile()));
    } catch (IOException | SAXException | ParserConfigurationException e) {
      log.atWarn().addKeyValue("file", file).setCause(e).log("Maven settings cannot be read");
      return Optional.empty();
    }
  }

  private static List<Element> elements(Document settings, String name) {
    NodeList found = settings.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      if (found.item(i) instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }

  private String text(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    String text = found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(environment.getOrDefault(match.group(1), "")));
  }
}
