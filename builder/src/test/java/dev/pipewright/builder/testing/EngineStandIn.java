package dev.pipewright.builder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.builder.meta.PipelineCompiler;
import dev.pipewright.builder.meta.ReproducibleZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A jar with an engine that only says that it runs, for images that are quick to make. */
public final class EngineStandIn {
  private static final String NAME = "dev/pipewright/engine/EngineMain.class";
  private static final String CODE =
      """
      package dev.pipewright.engine;

      public final class EngineMain {
        public static void main(String[] args) {
          System.out.println("engine of Java " + Runtime.version().feature() + args.length);
        }
      }
      """;

  private EngineStandIn() {}

  /** Compiles it into {@code engine.jar} in {@code folder}. */
  public static Path jar(Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("engine"));
    Files.writeString(sources.resolve("EngineMain.java"), CODE);
    Path classes = folder.resolve("classes");
    assertThat(new PipelineCompiler().compile(sources, classes).problems()).isEmpty();
    byte[] jar =
        ReproducibleZip.of(new TreeMap<>(Map.of(NAME, Files.readAllBytes(classes.resolve(NAME)))));
    return Files.write(folder.resolve("engine.jar"), jar);
  }
}
