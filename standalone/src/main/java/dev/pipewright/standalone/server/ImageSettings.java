package dev.pipewright.standalone.server;

import dev.pipewright.builder.image.ImageRegistry;
import dev.pipewright.spawner.docker.RegistryLogin;
import dev.pipewright.standalone.CommandException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a server that say where runtime images go, and how long they stay. */
final class ImageSettings {
  @Option(
      names = "--registry",
      paramLabel = "HOST[:PORT][/PREFIX]",
      defaultValue = "${env:PIPEWRIGHT_REGISTRY}",
      description =
          "Where runtime images are pushed and pulled, for Spawners on other machines. The login is"
              + " PIPEWRIGHT_REGISTRY_USER and PIPEWRIGHT_REGISTRY_PASSWORD in the environment, or"
              + " that of 'docker login'. Default: images stay in the Docker daemon.")
  @Nullable String registry;

  @Option(
      names = "--registry-plain-http",
      defaultValue = "${env:PIPEWRIGHT_REGISTRY_PLAIN_HTTP:-false}",
      description = "Speak to the registry without TLS, as with one on this machine.")
  boolean plainHttp;

  @Option(
      names = "--clean-every",
      paramLabel = "TIME",
      defaultValue = "${env:PIPEWRIGHT_CLEAN_EVERY:-6h}",
      description =
          "How long between two looks of a Builder for images, mirrors, libraries and layers that"
              + " nobody needs, like 90s, 30m, 6h or 1d; 0s for none. Default: ${DEFAULT-VALUE}.")
  String cleanEvery = "6h";

  /**
   * How long between two cleanings; zero for none.
   *
   * @throws CommandException if the option says no time
   */
  Duration cleaned() {
    return ServerSettings.time("--clean-every", cleanEvery);
  }

  /**
   * The registry; null if there is none.
   *
   * @throws CommandException if the option or the login says no registry
   */
  @Nullable ImageRegistry registry() {
    if (registry == null || registry.isBlank()) {
      return null;
    }
    try {
      return ImageRegistry.at(
          registry.strip(),
          plainHttp,
          System.getenv("PIPEWRIGHT_REGISTRY_USER"),
          System.getenv("PIPEWRIGHT_REGISTRY_PASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new CommandException("--registry: " + e.getMessage(), 2);
    }
  }

  /** Who pulls from it; null for what Docker's configuration file says. */
  @Nullable RegistryLogin login() {
    ImageRegistry images = registry();
    return images == null || images.user() == null || images.password() == null
        ? null
        : new RegistryLogin(images.host(), images.user(), images.password());
  }
}
