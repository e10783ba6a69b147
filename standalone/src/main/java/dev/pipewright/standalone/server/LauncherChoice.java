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
      "runs are child processes of this machine and not isolated: they reach its files, this"
          + " server's data and each other; only for code you trust";
  private static final String CHOOSE =
      "--launcher docker never does without containers, --launcher process does so on purpose";

  /**
   * Chooses by the settings; {@code auto} takes Docker if a daemon answers and the default image
   * can be had.
   *
   * @throws CommandException if Docker is demanded and no daemon answers, or engines are to wait
   *     for runs where they cannot
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
      case process -> {
        if (settings.pool > 0) {
          throw new CommandException(
              "Engines wait for runs (--pool) with the docker launcher only: leave it out, or use"
                  + " --launcher docker.",
              2);
        }
        yield new LauncherChoice(process(settings, distribution, address), NO_ISOLATION);
      }
      case docker -> {
        if (!DockerLauncher.answers(docker)) {
          throw new CommandException(
              "No Docker daemon answers. Start one, or use --launcher process for code you trust.");
        }
        yield docker(docker, settings.pool);
      }
      case auto -> {
        if (!DockerLauncher.answers(docker)) {
          yield new LauncherChoice(
              process(settings, distribution, address),
              "no Docker daemon answers; " + withoutContainers(settings));
        }
        String missing = missingImage(settings, distribution);
        yield missing == null
            ? docker(docker, settings.pool)
            : new LauncherChoice(
                process(settings, distribution, address),
                missing + "; " + withoutContainers(settings));
      }
    };
  }

  private static String withoutContainers(ServerSettings settings) {
    String lost = NO_ISOLATION + "; " + CHOOSE;
    return settings.pool == 0 ? lost : lost + "; no engine waits (--pool)";
  }

  private static LauncherChoice docker(DockerLauncherConfig config, int pool) {
    DockerLauncher launcher = new DockerLauncher(config, pool);
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
      LOG.atWarn()
          .addKeyValue("image", settings.image)
          .addKeyValue("reason", e.getMessage())
          .log("The default image cannot be had, so runs get no containers; " + NO_ISOLATION);
      return "Docker answers, but the image '"
          + settings.image
          + "' cannot be had (get it with docker pull, or name another one with --image)";
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
