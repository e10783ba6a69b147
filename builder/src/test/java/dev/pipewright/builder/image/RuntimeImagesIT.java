package dev.pipewright.builder.image;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.testing.EngineStandIn;
import dev.pipewright.testing.NeedsDocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeImagesIT {
  private static final String BASE =
      Optional.ofNullable(System.getenv("PIPEWRIGHT_TEST_IMAGE")).orElse("pipewright/base:test");
  private Path folder;
  private RuntimeImages images;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Path engine = EngineStandIn.jar(temporary);
    images =
        new RuntimeImages(
            Path.of(System.getProperty("java.home")),
            new EngineJars(List.of(engine), List.of(engine)),
            temporary.resolve("d"),
            "");
  }

  @AfterEach
  void stop() {
    images.close();
  }

  @NeedsDocker
  @Test
  void imageStartsTheEngineAndIsMadeOnce() throws Exception {
    String image = images.imageFor(BASE);
    assertThat(image).matches("sha256:[0-9a-f]{64}");
    try {
      assertThat(docker("run", "--rm", "--network", "none", image, "x", "y"))
          .isEqualTo("engine of Java 252\n");
      assertThat(docker("run", "--rm", "--entrypoint", "/bin/ls", image, "/opt/pipewright"))
          .contains("engine.aot");
      assertThat(docker("run", "--rm", "--entrypoint", "/bin/ls", image, "/opt/pipewright/testing"))
          .isEqualTo("00-engine.jar\n");
      assertThat(images.imageFor(BASE)).isEqualTo(image);
    } finally {
      docker("rmi", "-f", image);
    }
  }

  @NeedsDocker
  @Test
  void imageIsRemovedWhenNobodyNeedsItAndItIsOfNoContainer() throws Exception {
    String base = "pipewright/test-cleaning:" + System.nanoTime();
    docker("tag", BASE, base);
    byte[] different = base.getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve("engine.jar"), different, StandardOpenOption.APPEND);
    String image = images.imageFor(base);
    try (DockerImages daemon = new DockerImages("")) {
      ImageCleaning cleaning = new ImageCleaning(daemon, null);
      String label = "dev.pipewright.base=" + base;
      Instant now = Instant.now();
      Instant tomorrow = now.plus(Duration.ofHours(25));
      assertThat(cleaning.clean(label, Set.of(), now).count()).as("asked for just now").isZero();
      assertThat(cleaning.clean(label, Set.of(image), tomorrow).count()).as("of a run").isZero();
      String container = docker("create", image).strip();
      assertThat(cleaning.clean(label, Set.of(), tomorrow).count()).as("in use").isZero();
      docker("rm", container);

      Cleaned cleaned = cleaning.clean(label, Set.of(), tomorrow);

      assertThat(cleaned.count()).isEqualTo(1);
      assertThat(cleaned.bytes()).isPositive();
      assertThat(docker("image", "inspect", image)).contains("No such image");
    } finally {
      docker("rmi", "-f", image, base);
    }
  }

  @NeedsDocker
  @Test
  void baseWithoutShellIsRefusedInWords() throws Exception {
    Path context = Files.createDirectories(folder.resolve("empty"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY file /file\n");
    Files.writeString(context.resolve("file"), "nothing");
    String base = "pipewright/test-without-shell:" + System.nanoTime();
    docker("build", "-q", "-t", base, context.toString());
    try {
      assertThatThrownBy(() -> images.imageFor(base))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("no /bin/sh");
    } finally {
      docker("rmi", "-f", base);
    }
  }

  @NeedsDocker
  @Test
  void unknownBaseIsRefusedInWords() {
    assertThatThrownBy(() -> images.imageFor("localhost:1/absent:1"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("cannot be pulled");
  }

  @Test
  void absentDockerIsRefusedInWords() {
    try (RuntimeImages nowhere =
        new RuntimeImages(
            Path.of(System.getProperty("java.home")),
            EngineJars.of(List.of()),
            folder,
            "unix:///nonexistent/docker.sock")) {
      assertThatThrownBy(() -> nowhere.imageFor("debian:12"))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("Docker cannot be reached");
    }
  }

  @Test
  void localCacheIsMadeOnceAndStartsTheEngine() throws Exception {
    Path javaHome = Path.of(System.getProperty("java.home"));
    Path engine = folder.resolve("engine.jar");
    LocalRuntime runtime =
        new LocalRuntime(javaHome, EngineJars.of(List.of(engine)), folder.resolve("aot"));
    Path cache = runtime.aotCache().orElseThrow();
    assertThat(runtime.aotCache()).contains(cache);
    assertThat(output(runtime.engineCommand())).isEqualTo("engine of Java 250\n");
    Files.write(engine, new byte[] {1}, StandardOpenOption.APPEND);
    assertThat(runtime.aotCache().orElseThrow()).isNotEqualTo(cache).exists();
    assertThat(cache).doesNotExist();
  }

  private static String output(List<String> line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
