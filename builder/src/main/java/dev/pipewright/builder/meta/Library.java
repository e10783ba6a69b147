package dev.pipewright.builder.meta;

import java.util.regex.Pattern;

/**
 * A library by its place in a Maven repository.
 *
 * @param version one fixed version: no range, no snapshot
 * @param classifier which of several jars of one version; empty for the usual one
 */
public record Library(String group, String artifact, String version, String classifier)
    implements Comparable<Library> {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.+-]{1,200}");

  /**
   * A library from its parts.
   *
   * @throws IllegalArgumentException if a part is not allowed; the message says what is
   */
  public Library {
    if (!isPart(group) || !isPart(artifact) || !isPart(version)) {
      throw wrong();
    }
    if (!classifier.isEmpty() && !isPart(classifier)) {
      throw wrong();
    }
    if (version.endsWith("-SNAPSHOT") || version.equals("LATEST") || version.equals("RELEASE")) {
      throw new IllegalArgumentException(
          "The version '%s' can change. Name a released one.".formatted(version));
    }
  }

  private static boolean isPart(String part) {
    return PART.matcher(part).matches() && !part.contains("..");
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "A library is named like org.example:library:1.2, with one fixed version.");
  }

  /**
   * Reads {@code group:artifact:version}, or {@code group:artifact:version:classifier}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Library parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 3 || parts.length > 4) {
      throw wrong();
    }
    return new Library(parts[0], parts[1], parts[2], parts.length == 4 ? parts[3] : "");
  }

  @Override
  public int compareTo(Library other) {
    return toString().compareTo(other.toString());
  }

  /** The parts with colons between them. */
  @Override
  public String toString() {
    return group + ":" + artifact + ":" + version + (classifier.isEmpty() ? "" : ":" + classifier);
  }
}
