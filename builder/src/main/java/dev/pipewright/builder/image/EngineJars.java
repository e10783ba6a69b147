package dev.pipewright.builder.image;

import java.nio.file.Path;
import java.util.List;

/**
 * What an engine is made of: jars, or while developing folders of classes.
 *
 * @param engine its own class path, in order
 * @param testing what tests of pipelines need beside it: JUnit and the tester; may be empty, then
 *     no tests can be run
 */
public record EngineJars(List<Path> engine, List<Path> testing) {
  public EngineJars {
    engine = List.copyOf(engine);
    testing = List.copyOf(testing);
  }

  /** An engine that runs no tests of pipelines. */
  public static EngineJars of(List<Path> engine) {
    return new EngineJars(engine, List.of());
  }
}
