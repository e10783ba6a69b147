package dev.pipewright.builder.meta;

import dev.pipewright.protocol.BlobDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files the libraries of pipeline code are, for ever: everything they need, each with its
 * checksum. Kept as text beside the code, so that a commit always gets the same bytes.
 *
 * @param wanted what the code names
 * @param files what that comes to: library to SHA-256 of its jar
 */
public record LibraryLock(SortedSet<Library> wanted, SortedMap<Library, BlobDigest> files) {
  /** The name of the file beside the code. */
  public static final String FILE = "deps.lock";

  private static final String HEAD =
      """
      # The libraries of the pipeline code with everything they need. Written by: pipewright check --lock
      """;
  private static final String WANTED = "wanted ";
  private static final String JAR = "jar ";

  /** The text of the file; equal locks give equal texts. */
  public String text() {
    StringBuilder text = new StringBuilder(HEAD);
    wanted.forEach(library -> text.append(WANTED).append(library).append('\n'));
    files.forEach(
        (library, digest) ->
            text.append(JAR).append(library).append(' ').append(digest.hex()).append('\n'));
    return text.toString();
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException naming every line that is not understood
   */
  public static LibraryLock parse(String text) {
    SortedSet<Library> wanted = new TreeSet<>();
    SortedMap<Library, BlobDigest> files = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      try {
        read(line, wanted, files);
      } catch (IllegalArgumentException e) {
        wrong.add(FILE + ":" + number + ": " + e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(CompileStep.Problems.summary(wrong));
    }
    return new LibraryLock(wanted, files);
  }

  private static void read(
      String line, SortedSet<Library> wanted, SortedMap<Library, BlobDigest> files) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    if (line.startsWith(WANTED)) {
      wanted.add(Library.parse(line.substring(WANTED.length()).strip()));
      return;
    }
    String[] parts = line.split(" +", -1);
    if (parts.length != 3 || !line.startsWith(JAR)) {
      throw new IllegalArgumentException("This line is neither 'wanted …' nor 'jar …'.");
    }
    files.put(Library.parse(parts[1]), new BlobDigest("sha256:" + parts[2]));
  }

  /**
   * What differs from what the code names, in words; empty if nothing does.
   *
   * @param named the libraries of the code's lines
   */
  public List<String> differences(SortedSet<Library> named) {
    List<String> found = new ArrayList<>();
    for (Library library : named) {
      if (!wanted.contains(library)) {
        found.add("%s is in a //DEPS line, but not in %s.".formatted(library, FILE));
      }
    }
    for (Library library : wanted) {
      if (!named.contains(library)) {
        found.add("%s is in %s, but in no //DEPS line.".formatted(library, FILE));
      }
    }
    return found;
  }

  /** The names of the files in a bundle, in the order of the class path. */
  public List<String> fileNames() {
    List<String> names = new ArrayList<>();
    for (Library library : files.keySet()) {
      names.add("%03d-%s-%s.jar".formatted(names.size(), library.artifact(), library.version()));
    }
    return names;
  }
}
