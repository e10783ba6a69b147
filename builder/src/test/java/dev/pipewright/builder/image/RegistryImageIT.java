package dev.pipewright.builder.image;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.disk.OldFolders;
import dev.pipewright.builder.testing.EngineStandIn;
import dev.pipewright.testing.DockerCommand;
import dev.pipewright.testing.LocalRegistry;
import dev.pipewright.testing.NeedsDocker;
import dev.pipewright.testing.NeedsRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One registry and one image for everything: the layers of a base take seconds to push. */
class RegistryImageIT {
  private static final String BASE =
      Optional.ofNullable(System.getenv("PIPEWRIGHT_TEST_IMAGE")).orElse("pipewright/base:test");

  @TempDir private Path folder;

  @NeedsDocker
  @NeedsRegistry
  @Test
  void imageIsPushedOnceAndStartsWhereItIsPulled() throws Exception {
    try (LocalRegistry registry = LocalRegistry.start(folder.resolve("registry"));
        RuntimeImages images = images(registry.place())) {
      String pinned = images.imageFor(BASE);
      assertThat(pinned).matches(registry.place() + "/pipewright-runtime@sha256:[0-9a-f]{64}");
      try {
        assertThat(docker("image", "inspect", pinned)).as("here already").contains("No such image");
        pull(pinned);
        assertThat(docker("run", "--rm", "--network", "none", pinned, "x", "y"))
            .isEqualTo("engine of Java 252\n");
        assertThat(docker("run", "--rm", "--entrypoint", "/bin/ls", pinned, "/opt/pipewright"))
            .contains("engine.aot");
        nothingIsPushedTwice(registry, images, pinned);
        equalFilesGiveAnEqualDigest(registry.place(), pinned);
        oldLayersAreRemovedAndMadeAgain(registry.place(), pinned);
      } finally {
        docker("rmi", "-f", pinned);
      }
      registry.stop();
      assertThat(images.imageFor(BASE)).as("known, while the registry is away").isEqualTo(pinned);
      awayRegistryIsSaidInWords(registry.place());
    }
  }

  private void nothingIsPushedTwice(LocalRegistry registry, RuntimeImages images, String pinned)
      throws IOException {
    long writes = registry.writes();
    assertThat(writes).isPositive();
    assertThat(images.imageFor(BASE)).isEqualTo(pinned);
    try (RuntimeImages another = images(registry.place())) {
      assertThat(another.imageFor(BASE)).as("what another Builder says").isEqualTo(pinned);
    }
    assertThat(registry.writes()).isEqualTo(writes);
  }

  /** On a base that is in a registry, too. */
  private void equalFilesGiveAnEqualDigest(String place, String base) throws IOException {
    ImageRegistry registry =
        ImageRegistry.at(place, false, LocalRegistry.USER, LocalRegistry.PASSWORD);
    RegistryLogin login = new RegistryLogin(registry);
    RegistryPush.Content content = content();
    Path file = folder.resolve("files/file");
    String first = new RegistryPush(registry, login, folder.resolve("a")).onto(base, content, "a");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    String second = new RegistryPush(registry, login, folder.resolve("b")).onto(base, content, "b");
    assertThat(second).isEqualTo(first);
    try (RegistryClient client = new RegistryClient(registry, login)) {
      assertThat(client.tags()).contains("a", "b").hasSize(3);
      assertThat(client.digest("b")).contains(first);
      assertThat(client.remove(first)).isTrue();
      assertThat(client.digest("a")).isEmpty();
    }
  }

  private RegistryPush.Content content() throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("file"), "content");
    return new RegistryPush.Content(
        List.of(new RegistryPush.Layer(files, "/opt/files")),
        List.of("/bin/sh"),
        Map.of("of", "a test"),
        System.getProperty("os.arch").replace("aarch64", "arm64"));
  }

  private void oldLayersAreRemovedAndMadeAgain(String place, String base) throws IOException {
    ImageRegistry registry =
        ImageRegistry.at(place, false, LocalRegistry.USER, LocalRegistry.PASSWORD);
    Path layers = folder.resolve("c");
    RegistryPush push = new RegistryPush(registry, new RegistryLogin(registry), layers);
    String first = push.onto(base, content(), "c");
    Instant now = InstantSource.system().instant();
    assertThat(push.clean(now)).isEqualTo(OldFolders.Removed.NOTHING);
    assertThat(push.clean(now.plus(OldFolders.UNUSED).plusSeconds(1)).folders()).isPositive();
    assertThat(OldFolders.leaves(layers.resolve("own/layers"))).isEmpty();
    assertThat(push.onto(base, content(), "d")).isEqualTo(first);
    assertThat(OldFolders.leaves(layers.resolve("own/layers"))).isNotEmpty();
  }

  private void awayRegistryIsSaidInWords(String place) throws IOException {
    try (RuntimeImages images = images(place)) {
      assertThatThrownBy(() -> images.imageFor(BASE))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining(BASE)
          .hasMessageContaining("cannot be reached")
          .hasMessageContaining("then start the run again");
    }
  }

  private RuntimeImages images(String place) throws IOException {
    Path engine = EngineStandIn.jar(folder);
    return new RuntimeImages(
        Path.of(System.getProperty("java.home")),
        new EngineJars(List.of(engine), List.of(engine)),
        folder.resolve("d"),
        "",
        ImageRegistry.at(place, false, LocalRegistry.USER, LocalRegistry.PASSWORD));
  }

  /** As a machine with a login of its own; that of this user is not touched. */
  private void pull(String image) throws IOException, InterruptedException {
    String config = DockerCommand.logIn(folder.resolve("docker"), image);
    assertThat(docker("--config", config, "pull", "-q", image)).contains(image);
  }
}
