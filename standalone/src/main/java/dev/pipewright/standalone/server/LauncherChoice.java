package dev.pipewright.standalone.server;

import dev.pipewright.builder.image.ImageException;
import dev.pipewright.builder.image.LocalRuntime;
import dev.pipewright.builder.image.RuntimeImages;
import dev.pipewright.spawner.docker.DockerLauncher;
import dev.pipewright.spawner.docker.DockerLauncherConfig;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.process.ProcessLauncher;
import dev.pipewright.spawner.process.ProcessLauncherConfig;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Distribution;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The launcher a server uses, and what one should know about it. */
record LauncherChoice(Launcher launcher, @Nullable String note) {
  private static final Logger LOG = LoggerFactory.getLogger(LauncherChoice.class);
  private static final String NO_ISOLATION =
      "runs are child processes of this machine and not isolated: only for code you trust";

  /**
   * Chooses by the settings; {@code auto} takes Docker if a daemon answers and the default image
   * can be had.
   *
   * @throws CommandException if Docker is demanded and no daemon answers
   */
  static LauncherChoice make(
      ServerSettings settings, Distribution distribution, ServerAddress address, String instance) {
    DockerLauncherConfig docker =
        DockerLauncherConfig.of(
                instance,
                settings.engineUrl == null ? address.forContainers() : settings.engineUrl,
                settings.limits.limits(),
                settings.limits.isolation())
            .withRegistry(settings.images.login());
    return switch (settings.launcher) {
      case process -> new LauncherChoice(process(settings, distribution, address), NO_ISOLATION);
      case docker -> {
        if (!DockerLauncher.answers(docker)) {
          throw new CommandException(
              "No Docker daemon answers. Start one, or use --launcher process for code you trust.");
        }
        yield docker(docker);
      }
      case auto -> {
        if (!DockerLauncher.answers(docker)) {
          yield new LauncherChoice(
              process(settings, distribution, address),
              "no Docker daemon answers; " + NO_ISOLATION);
        }
        String missing = missingImage(settings, distribution);
        yield missing == null
            ? docker(docker)
            : new LauncherChoice(
                process(settings, distribution, address), missing + "; " + NO_ISOLATION);
      }
    };
  }

  private static LauncherChoice docker(DockerLauncherConfig config) {
    DockerLauncher launcher = new DockerLauncher(config);
    return new LauncherChoice(launcher, launcher.gap());
  }

  /** Why the default image cannot be used; null if it can, or comes from a registry when needed. */
  private static @Nullable String missingImage(ServerSettings settings, Distribution distribution) {
    if (settings.images.registry() != null) {
      return null;
    }
    try (RuntimeImages images =
        new RuntimeImages(
            Path.of(System.getProperty("java.home")),
            distribution.engineJars(),
            settings.data.toAbsolutePath().normalize().resolve("builder"),
            "")) {
      images.imageFor(settings.image);
      return null;
    } catch (ImageException e) {
      LOG.atInfo().addKeyValue("image", settings.image).setCause(e).log("Image cannot be used");
      return "Docker answers, but the image '"
          + settings.image
          + "' cannot be had (another one: --image NAME)";
    }
  }

  private static Launcher process(
      ServerSettings settings, Distribution distribution, ServerAddress address) {
    Path data = settings.data.toAbsolutePath().normalize();
    LocalRuntime runtime =
        new LocalRuntime(
            Path.of(System.getProperty("java.home")),
            distribution.engineJars(),
            data.resolve("builder"));
    return new ProcessLauncher(
        new ProcessLauncherConfig(
            data.resolve("units"),
            runtime.engineCommand(),
            settings.engineUrl == null ? address.state() : URI.create(settings.engineUrl),
            System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"),
            settings.limits.limits()));
  }
}
