package dev.pipewright.builder.meta;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The {@code //DEPS group:artifact:version} lines of pipeline code. Several libraries in a line are
 * parted by blanks or commas.
 *
 * @param libraries what the lines name
 * @param problems lines that name none
 */
public record LibraryLines(SortedSet<Library> libraries, List<CompileProblem> problems) {
  private static final String MARK = "//DEPS";

  public LibraryLines {
    problems = List.copyOf(problems);
  }

  /**
   * The lines of all Java files below a folder, those in hidden folders left out.
   *
   * @throws IOException if a file cannot be read
   */
  public static LibraryLines of(Path sources) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    for (Path file : PipelineCompiler.javaFiles(sources)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      if (text.contains(MARK)) {
        texts.put(PipelineCompiler.name(sources, file), text);
      }
    }
    return of(texts);
  }

  /** The lines of files: name to text. */
  public static LibraryLines of(SortedMap<String, String> files) {
    SortedSet<Library> libraries = new TreeSet<>();
    List<CompileProblem> problems = new ArrayList<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      int number = 0;
      for (String line : (Iterable<String>) file.getValue().lines()::iterator) {
        number++;
        if (line.startsWith(MARK)) {
          try {
            libraries.addAll(libraries(line.substring(MARK.length())));
          } catch (IllegalArgumentException e) {
            problems.add(new CompileProblem(file.getKey(), number, String.valueOf(e.getMessage())));
          }
        }
      }
    }
    return new LibraryLines(libraries, problems);
  }

  private static List<Library> libraries(String text) {
    List<Library> found = new ArrayList<>();
    for (String name : text.split("[\\s,]+", -1)) {
      if (!name.isEmpty()) {
        found.add(Library.parse(name));
      }
    }
    return found;
  }
}
