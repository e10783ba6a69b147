package dev.pipewright.builder.meta;

import dev.pipewright.dsl.StepContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** Packs classes and libraries into a jar that is the same, byte for byte, for the same content. */
final class PublishStep {
  private static final int SIZE_LIMIT = 64 * 1024 * 1024;

  private PublishStep() {}

  static void run(StepContext step) throws IOException {
    Path workspace = step.workspace();
    byte[] jar = jar(workspace.resolve(PipelineCodePipeline.CLASSES), ResolveStep.jars(workspace));
    if (jar.length > SIZE_LIMIT) {
      throw step.failure("The compiled pipeline code is larger than 64 MiB. Make it smaller.");
    }
    Files.write(workspace.resolve(PipelineCodePipeline.BUNDLE), jar);
    step.log("%s has %,d bytes".formatted(PipelineCodePipeline.BUNDLE, jar.length));
  }

  /** Libraries lie in the bundle as they are; an engine puts them on the class path. */
  private static byte[] jar(Path classes, List<Path> libraries) throws IOException {
    SortedMap<String, byte[]> files = Folders.read(classes);
    for (Path library : libraries) {
      files.put(
          PipelineCodePipeline.LIBRARIES + "/" + library.getFileName(),
          Files.readAllBytes(library));
    }
    files.put(
        "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    return ReproducibleZip.of(files);
  }
}
