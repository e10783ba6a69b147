package dev.pipewright.builder.meta;

import dev.pipewright.dsl.Pipeline;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Compiles pipeline code in this process against the pipeline language, libraries and the JDK. No
 * annotation processor runs, so nothing of the code is executed. Immutable.
 */
public final class PipelineCompiler {
  private static final int RELEASE = 25;

  private final Path language;

  /** A compiler with the pipeline language found where this process has it. */
  public PipelineCompiler() {
    this(whereLanguageIs());
  }

  /** A compiler with the pipeline language at {@code language}, a jar or a folder of classes. */
  public PipelineCompiler(Path language) {
    this.language = language;
  }

  /** The jar, or the folder of classes, that code is compiled against. */
  public Path language() {
    return language;
  }

  private static Path whereLanguageIs() {
    try {
      return Path.of(Pipeline.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The pipeline language is not in a file.", e);
    }
  }

  /**
   * Compiles every {@code .java} file below a folder, tests ({@code *Test.java}) and hidden folders
   * left out.
   *
   * @param sources the folder with the pipeline code; only read
   * @param libraries the jars its {@code //DEPS} lines come to
   * @param classes where the classes go; made if missing, and not emptied
   * @return what came out of it; code that does not compile is a result and not an exception
   * @throws IOException if a folder cannot be read or written
   */
  public Compilation compile(Path sources, List<Path> libraries, Path classes) throws IOException {
    List<CompileProblem> problems = new ArrayList<>(LibraryLines.of(sources).problems());
    List<Path> tests = new ArrayList<>();
    List<Path> code = new ArrayList<>();
    for (Path file : javaFiles(sources)) {
      (isTest(file) ? tests : code).add(file);
    }
    String classPath =
        Stream.concat(Stream.of(language), libraries.stream())
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Job job = new Job(sources, classes, code, classPath);
    return compiled(job, problems, tests.size());
  }

  /** Compiles code without libraries; see {@link #compile(Path, List, Path)}. */
  public Compilation compile(Path sources, Path classes) throws IOException {
    return compile(sources, List.of(), classes);
  }

  /**
   * Compiles the tests below a folder.
   *
   * @param classPath what they see beside the JDK: the compiled pipeline code, JUnit, the tester
   * @param classes where their classes go; made if missing, and not emptied
   * @return what came out of it, as for {@link #compile}
   * @throws IOException if a folder cannot be read or written
   */
  public Compilation compileTests(Path sources, List<String> classPath, Path classes)
      throws IOException {
    List<Path> tests = tests(sources);
    String joined = String.join(File.pathSeparator, classPath);
    Job job = new Job(sources, classes, tests, joined);
    return compiled(job, new ArrayList<>(), tests.size());
  }

  /** The files with tests below a folder, sorted; those in hidden folders are none. */
  public static List<Path> tests(Path sources) throws IOException {
    return javaFiles(sources).stream().filter(PipelineCompiler::isTest).toList();
  }

  private static boolean isTest(Path file) {
    return file.getFileName().toString().endsWith("Test.java");
  }

  private record Job(Path sources, Path classes, List<Path> files, String classPath) {}

  private static Compilation compiled(Job job, List<CompileProblem> problems, int tests)
      throws IOException {
    @Nullable JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IOException(
          "This Java has no compiler (module jdk.compiler). Use a JDK, not a runtime without it.");
    }
    List<String> notes = new ArrayList<>();
    if (problems.isEmpty() && !job.files().isEmpty()) {
      Files.createDirectories(job.classes());
      compile(compiler, job, problems, notes);
    }
    return new Compilation(problems, notes, job.files().size(), tests);
  }

  static List<Path> javaFiles(Path sources) throws IOException {
    try (Stream<Path> walk = Files.walk(sources)) {
      return walk.filter(file -> file.getFileName().toString().endsWith(".java"))
          .filter(file -> !name(sources, file).matches("(.*/)?\\.[^/]+/.*"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static void compile(
      JavaCompiler compiler, Job job, List<CompileProblem> problems, List<String> notes)
      throws IOException {
    DiagnosticCollector<JavaFileObject> collected = new DiagnosticCollector<>();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(collected, Locale.ROOT, StandardCharsets.UTF_8)) {
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromPaths(job.files());
      boolean done = compiler.getTask(null, manager, collected, options(job), null, units).call();
      for (Diagnostic<? extends JavaFileObject> diagnostic : collected.getDiagnostics()) {
        CompileProblem problem = problem(job.sources(), diagnostic);
        if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
          problems.add(problem);
        } else {
          notes.add(problem.toString());
        }
      }
      if (!done && problems.isEmpty()) {
        problems.add(new CompileProblem("(compiler)", 0, "failed without saying why."));
      }
    }
  }

  private static List<String> options(Job job) {
    List<String> options = new ArrayList<>();
    options.addAll(
        List.of("-proc:none", "-g", "-parameters", "-implicit:none", "-Xmaxerrs", "200"));
    options.addAll(List.of("-classpath", job.classPath(), "-d", job.classes().toString()));
    options.addAll(List.of("-sourcepath", ""));
    if (Runtime.version().feature() > RELEASE) {
      options.addAll(List.of("--release", String.valueOf(RELEASE)));
    }
    return options;
  }

  private static CompileProblem problem(
      Path sources, Diagnostic<? extends JavaFileObject> diagnostic) {
    @Nullable JavaFileObject source = diagnostic.getSource();
    String file = source == null ? "(compiler)" : name(sources, Path.of(source.toUri()));
    long line = Math.max(0, diagnostic.getLineNumber());
    return new CompileProblem(file, line, diagnostic.getMessage(Locale.ROOT).strip());
  }

  static String name(Path sources, Path file) {
    return sources.toAbsolutePath().relativize(file.toAbsolutePath()).toString().replace('\\', '/');
  }
}
