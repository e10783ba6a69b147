package dev.pipewright.spawner.docker;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.testing.DockerCommand;
import dev.pipewright.testing.LocalRegistry;
import dev.pipewright.testing.NeedsDocker;
import dev.pipewright.testing.NeedsRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine that starts runs, but has made no image; the engine is a tiny program. */
@NeedsDocker
@NeedsRegistry
@Timeout(180)
class PulledImageIT {
  private static final String INSTANCE = "pi-" + HexFormat.of().toHexDigits(new Random().nextInt());
  private static final DockerLauncherConfig CONFIG =
      new DockerLauncherConfig(
          INSTANCE, null, "http://server:4711", List.of("/engine"), Limits.defaults(1));
  private static final Pattern DIGEST = Pattern.compile("digest: (sha256:[0-9a-f]{64})");

  @Test
  void imageOfARegistryIsPulledBeforeTheFirstLaunch(@TempDir Path folder) throws Exception {
    try (LocalRegistry registry = LocalRegistry.start(folder.resolve("registry"));
        DockerLauncher launcher = new DockerLauncher(CONFIG.withRegistry(login(registry)))) {
      String pinned = push(folder, registry.place() + "/engine");
      assertThatThrownBy(() -> launchWithoutLogin(pinned))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("no basic auth credentials");
      try {
        Launched unit = launcher.launch(request("pulled#1", pinned));
        assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.EXITED);
        assertThat(launcher.tail(unit, 100)).contains("tini version");
        launcher.release(unit, false);
      } finally {
        docker("rmi", "-f", pinned);
      }
      registry.stop();
      assertThatThrownBy(() -> launcher.launch(request("away#1", pinned)))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining(pinned)
          .hasMessageContaining("could not be pulled")
          .hasMessageContaining("start the run again");
      assertThat(launcher.list()).isEmpty();
      launcher.removeNetworks();
    }
  }

  private static RegistryLogin login(LocalRegistry registry) {
    String host = registry.place().substring(0, registry.place().indexOf('/'));
    return new RegistryLogin(host, LocalRegistry.USER, LocalRegistry.PASSWORD);
  }

  private static void launchWithoutLogin(String image) {
    try (DockerLauncher stranger = new DockerLauncher(CONFIG)) {
      stranger.launch(request("stranger#1", image));
    }
  }

  private static LaunchRequest request(String name, String image) {
    RunId run = RunId.parse(name);
    return new LaunchRequest(
        UnitId.of(INSTANCE, run, 1),
        run,
        1,
        Workspace.of(INSTANCE, run, 1),
        "the-token",
        image,
        Confinement.USUAL,
        Instant.parse("2030-01-02T03:04:05Z"),
        List.of("/engine", "--version"));
  }

  /** Pushes an image with one program and forgets it here. */
  private static String push(Path folder, String name) throws Exception {
    Path context = Files.createDirectories(folder.resolve("image"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY engine /engine\n");
    Files.copy(Path.of("/usr/bin/docker-init").toRealPath(), context.resolve("engine"));
    docker("build", "-q", "-t", name, context.toString());
    String config = DockerCommand.logIn(folder.resolve("docker"), name);
    Matcher digest = DIGEST.matcher(docker("--config", config, "push", name));
    docker("rmi", "-f", name);
    assertThat(digest.find()).as("a digest of what was pushed").isTrue();
    return name + "@" + digest.group(1);
  }
}
