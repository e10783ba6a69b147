package dev.pipewright.standalone;

import dev.pipewright.builder.image.EngineJars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the parts of this installation are: the root with the examples, and the engine's jars that
 * are handed to launched units.
 */
public record Distribution(Path root, Path engine) {

  /** The installation this process was started from, as the launcher script says. */
  public static Distribution current() {
    String root = System.getProperty("pipewright.root");
    String dist = System.getProperty("pipewright.dist");
    if (root == null || dist == null) {
      throw new CommandException("Start this command with the 'pipewright' script.", 2);
    }
    return new Distribution(Path.of(root), Path.of(dist).resolve("engine"));
  }

  /** What engines are made of, in a fixed order. */
  public EngineJars engineJars() {
    return new EngineJars(jars(engine), jars(engine.resolveSibling("testing")));
  }

  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new CommandException("There are no jars in " + folder + "; build Pipewright again.");
      }
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The sample project of the demo. */
  public Path sample() {
    return root.resolve("examples").resolve("hello");
  }
}
