package dev.pipewright.standalone.local;

import dev.pipewright.builder.image.ContentHash;
import dev.pipewright.builder.meta.Compilation;
import dev.pipewright.builder.meta.LibraryLock;
import dev.pipewright.builder.meta.PipelineCompiler;
import dev.pipewright.engine.load.Description;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.engine.local.LocalFolder;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.api.DescribeResult.CodeProblem;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pipeline code of a working tree, compiled into {@code .pipewright/.runs/classes} and kept
 * there under its content, so that unchanged code is not compiled again.
 */
final class LocalCode {
  /** Where the pipeline code of a project is. */
  static final String FOLDER = ".pipewright";

  private final Path project;
  private final Path folder;
  private final PipelineCompiler compiler;

  /** The code of the project in this folder. */
  LocalCode(Path project) {
    this(project, project.resolve(FOLDER));
  }

  /** Code for the project that lies in another folder. */
  LocalCode(Path project, Path folder) {
    this(project, folder, new PipelineCompiler());
  }

  /** Code that is compiled by a certain compiler. */
  LocalCode(Path project, Path folder, PipelineCompiler compiler) {
    this.project = project.toAbsolutePath().normalize();
    this.folder = real(folder.toAbsolutePath().normalize());
    this.compiler = compiler;
  }

  /** Where a link to a folder leads; a folder that is not there is named as it was given. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }

  /** The folder of the project. */
  Path project() {
    return project;
  }

  /** Where local runs keep what they leave. */
  Path state() {
    return project.resolve(FOLDER).resolve(".runs");
  }

  /**
   * Compiles the code unless that was done before.
   *
   * @return the folder with the classes, and after it the libraries
   * @throws CommandException if there is no code or it does not compile; names every problem
   */
  List<Path> compile() {
    if (!Files.isDirectory(folder)) {
      throw new CommandException(
          "There is no pipeline code in " + folder + ". Begin with: pipewright init");
    }
    try {
      Path classes = LocalFolder.unseen(state()).resolve("classes").resolve(key());
      Path libraries = classes.resolveSibling(classes.getFileName() + "-libraries");
      if (Files.isDirectory(classes)) {
        return classPath(classes, libraries);
      }
      Files.createDirectories(classes.getParent());
      Path copied = Files.createTempDirectory(classes.getParent(), "new-");
      new LocalLibraries(folder).copyTo(copied);
      publish(copied, libraries);
      List<Path> jars = jars(libraries);
      Path fresh = Files.createTempDirectory(classes.getParent(), "new-");
      Compilation compilation = compiler.compile(folder, jars, fresh);
      if (!compilation.succeeded()) {
        Folders.delete(fresh);
        throw problems(compilation.problems());
      }
      return classPath(publish(fresh, classes), libraries);
    } catch (IOException e) {
      throw new CommandException("Could not compile " + folder + ": " + e.getMessage());
    }
  }

  private static List<Path> classPath(Path classes, Path libraries) throws IOException {
    List<Path> all = new ArrayList<>(List.of(classes));
    if (Files.isDirectory(libraries)) {
      all.addAll(jars(libraries));
    }
    return all;
  }

  private static List<Path> jars(Path libraries) throws IOException {
    try (Stream<Path> files = Files.list(libraries)) {
      return files.sorted().toList();
    }
  }

  /**
   * Compiles and describes the code.
   *
   * @throws CommandException naming every problem
   */
  DescribeResult describe() {
    try (PipelineCode code = PipelineCode.open(compile())) {
      DescribeResult result = Description.of(code);
      if (!result.problems().isEmpty()) {
        throw problems(result.problems());
      }
      return result;
    }
  }

  /**
   * Compiles and plans the code.
   *
   * @return every pipeline, by name
   * @throws CommandException naming every problem
   */
  List<Planned> planned() {
    describe();
    try (PipelineCode code = PipelineCode.open(compile())) {
      return code.definitions().stream()
          .map(code::plan)
          .sorted(Comparator.comparing(planned -> planned.plan().pipeline().value()))
          .toList();
    }
  }

  /** The content address of every compiled class, by its name. */
  Map<String, String> classDigests() {
    Path classes = compile().getFirst();
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        digests.put(
            classes.relativize(file).toString(), BlobDigest.of(Files.readAllBytes(file)).hex());
      }
    } catch (IOException e) {
      throw new CommandException("Could not read " + classes + ": " + e.getMessage());
    }
    return digests;
  }

  /** True if there is no pipeline code in a folder. */
  static boolean isEmpty(Path folder) throws IOException {
    return sources(folder).isEmpty();
  }

  private static CommandException problems(List<?> problems) {
    StringBuilder text =
        new StringBuilder(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:");
    for (Object problem : problems) {
      text.append("\n  ").append(problem instanceof CodeProblem code ? code.toString() : problem);
    }
    return new CommandException(text.toString());
  }

  private static Path publish(Path fresh, Path classes) throws IOException {
    try {
      return Files.move(fresh, classes, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Another process was quicker with the same code; file systems say that in different ways.
      if (!Files.isDirectory(classes)) {
        throw e;
      }
      Folders.delete(fresh);
      return classes;
    }
  }

  /** Code is compiled again when it, its libraries, the language or the JDK is another one. */
  private String key() throws IOException {
    ContentHash hash =
        new ContentHash().text(Runtime.version().toString()).files(List.of(compiler.language()));
    List<Path> files = new ArrayList<>(sources(folder));
    Stream.of(folder.resolve(LibraryLock.FILE)).filter(Files::exists).forEach(files::add);
    for (Path file : files) {
      hash.text(folder.relativize(file).toString()).bytes(Files.readAllBytes(file));
    }
    return hash.abbreviated();
  }

  private static List<Path> sources(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !folder.relativize(file).startsWith(".runs"))
          .sorted()
          .forEach(found::add);
    }
    return found;
  }

  /** Deletes a folder; what cannot be deleted stays. */
  static void deleteQuietly(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
