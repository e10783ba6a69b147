package dev.pipewright.engine.local;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a local run was asked for, kept in its folder so that it can be gone on with.
 *
 * @param pipeline its pipeline
 * @param classPath the compiled code it runs; a run that goes on takes the same
 * @param only the one step or stage it runs; null for all
 * @param parameters what it was started with
 */
public record LocalMark(
    String pipeline, List<Path> classPath, @Nullable String only, Map<String, String> parameters) {
  private static final String FILE = "run.properties";
  private static final String PARAMETER = "parameter.";
  private static final String CLASSES = "classes.";

  public LocalMark {
    classPath = List.copyOf(classPath);
    parameters = Map.copyOf(parameters);
  }

  /** Writes it into the folder of its run. */
  void write(Path folder) throws IOException {
    Properties lines = new Properties();
    lines.setProperty("pipeline", pipeline);
    if (only != null) {
      lines.setProperty("only", only);
    }
    for (int i = 0; i < classPath.size(); i++) {
      lines.setProperty(CLASSES + i, classPath.get(i).toAbsolutePath().toString());
    }
    parameters.forEach((name, value) -> lines.setProperty(PARAMETER + name, value));
    try (Writer out = Files.newBufferedWriter(folder.resolve(FILE))) {
      lines.store(out, null);
    }
  }

  /** Reads it from the folder of its run; null if there is none. */
  static @Nullable LocalMark read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    Properties lines = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      lines.load(in);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " cannot be read.", e);
    }
    Map<String, String> parameters = new TreeMap<>();
    for (String name : lines.stringPropertyNames()) {
      if (name.startsWith(PARAMETER)) {
        parameters.put(name.substring(PARAMETER.length()), lines.getProperty(name));
      }
    }
    List<Path> classPath = new ArrayList<>();
    for (int i = 0; lines.getProperty(CLASSES + i) != null; i++) {
      classPath.add(Path.of(lines.getProperty(CLASSES + i)));
    }
    return new LocalMark(
        lines.getProperty("pipeline", ""), classPath, lines.getProperty("only"), parameters);
  }
}
