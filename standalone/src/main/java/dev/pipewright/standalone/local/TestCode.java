package dev.pipewright.standalone.local;

import dev.pipewright.builder.meta.Compilation;
import dev.pipewright.builder.meta.CompileProblem;
import dev.pipewright.builder.meta.PipelineCompiler;
import dev.pipewright.dsl.Pipeline;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The tests beside pipeline code: files whose names end in {@code Test.java}. They see the pipeline
 * code, the pipeline language, its tester and JUnit.
 */
final class TestCode {
  private static final List<String> LIBRARIES =
      List.of(
          Pipeline.class.getName(),
          Outcome.class.getName(),
          "dev.pipewright.test.PipelineTester",
          Test.class.getName(),
          ParameterizedTest.class.getName(),
          "org.opentest4j.AssertionFailedError",
          "org.apiguardian.api.API",
          "org.jspecify.annotations.Nullable");

  private final Path folder;

  /** The tests in a folder with pipeline code. */
  TestCode(Path folder) {
    this.folder = folder;
  }

  /** The files with tests. */
  List<Path> files() throws IOException {
    return PipelineCompiler.tests(folder);
  }

  /**
   * Compiles the tests.
   *
   * @param code the compiled pipeline code and its libraries
   * @param target gets the classes
   * @throws CommandException naming every problem
   */
  void compile(List<Path> code, Path target) throws IOException {
    Compilation compilation = new PipelineCompiler().compileTests(folder, classPath(code), target);
    if (!compilation.succeeded()) {
      throw new CommandException(
          "The tests do not compile:\n  "
              + String.join(
                  "\n  ", compilation.problems().stream().map(CompileProblem::toString).toList()));
    }
  }

  private static List<String> classPath(List<Path> code) {
    Set<String> places = new TreeSet<>();
    for (String name : LIBRARIES) {
      try {
        Class<?> library = Class.forName(name, false, TestCode.class.getClassLoader());
        places.add(
            Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString());
      } catch (ClassNotFoundException | URISyntaxException e) {
        // The tests say themselves what they miss.
      }
    }
    code.forEach(place -> places.add(place.toString()));
    return List.copyOf(places);
  }
}
