package dev.pipewright.standalone.local;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.standalone.CommandException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
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
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("Test.java"))
          .filter(file -> !hidden(folder.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean hidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Compiles the tests.
   *
   * @param code the compiled pipeline code
   * @param target gets the classes
   * @throws CommandException naming every problem
   */
  void compile(Path code, Path target) throws IOException {
    @Nullable JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new CommandException("This Java has no compiler. Use a JDK.", 2);
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    Files.createDirectories(target);
    List<String> options =
        List.of(
            "-proc:none", "-g", "-parameters", "-classpath", classPath(code), "-d", "" + target);
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromPaths(files());
      if (!compiler.getTask(null, manager, found, options, null, units).call()) {
        throw new CommandException(String.join("\n  ", problems(found)));
      }
    }
  }

  private List<String> problems(DiagnosticCollector<JavaFileObject> found) {
    List<String> lines = new ArrayList<>(List.of("The tests do not compile:"));
    for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
      @Nullable JavaFileObject source = each.getSource();
      if (each.getKind() == Diagnostic.Kind.ERROR) {
        String file =
            source == null ? "" : folder.relativize(Path.of(source.toUri())).toString() + ":";
        lines.add("%s%d: %s".formatted(file, each.getLineNumber(), each.getMessage(Locale.ROOT)));
      }
    }
    return lines;
  }

  private static String classPath(Path code) {
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
    return code + File.pathSeparator + String.join(File.pathSeparator, places);
  }
}
