package dev.pipewright.builder.meta;

import dev.pipewright.dsl.StepContext;
import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Accepts the libraries that lie in the workspace: the Builder has fetched them, since a run of
 * pipeline code reaches nothing but the server. They must be what the code names and, if it has a
 * lock, what the lock names, byte for byte.
 */
final class ResolveStep {
  private ResolveStep() {}

  static void run(StepContext step) throws IOException {
    Path folder = step.workspace().resolve(PipelineCodePipeline.LIBRARIES);
    Path refused = folder.resolve(PipelineCodePipeline.REFUSED);
    if (Files.exists(refused)) {
      throw step.failure(text(refused));
    }
    LibraryLock resolved = LibraryLock.parse(text(folder.resolve(LibraryLock.FILE)));
    check(step, folder, resolved);
    resolved.files().forEach((library, digest) -> step.log(library + " " + digest.hex()));
    Files.writeString(step.workspace().resolve(LibraryLock.FILE), resolved.text());
    Path sources = step.workspace().resolve(PipelineCodePipeline.SOURCES);
    if (!Files.exists(sources.resolve(LibraryLock.FILE))) {
      step.log(
          "These versions are not locked, so another build may get others. Commit the kept file"
              + " deps.lock beside the pipeline code, or write it with: pipewright check --lock");
    }
  }

  private static void check(StepContext step, Path folder, LibraryLock resolved)
      throws IOException {
    Path sources = step.workspace().resolve(PipelineCodePipeline.SOURCES);
    List<String> differences = resolved.differences(LibraryLines.of(sources).libraries());
    if (!differences.isEmpty()) {
      throw step.failure(CompileStep.Problems.summary(differences));
    }
    List<Path> jars = jars(step.workspace());
    if (!jars.equals(resolved.fileNames().stream().map(folder::resolve).toList())) {
      throw step.failure("There are other libraries than are named.");
    }
    int place = 0;
    for (Map.Entry<Library, BlobDigest> file : resolved.files().entrySet()) {
      if (!BlobDigest.of(jars.get(place++)).equals(file.getValue())) {
        throw step.failure("The file of " + file.getKey() + " is another one than was resolved.");
      }
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** The jars of the libraries in a workspace, in the order of the class path. */
  static List<Path> jars(Path workspace) throws IOException {
    Path folder = workspace.resolve(PipelineCodePipeline.LIBRARIES);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }
}
