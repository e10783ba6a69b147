package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import dev.pipewright.spawner.launch.LaunchException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls images that are pinned in a registry when the daemon does not have them; each by one launch
 * at a time, while others wait for it. Thread-safe.
 */
final class Pulls {
  private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String PINNED = "@sha256:";

  private final DockerClient docker;
  private final @Nullable RegistryLogin login;
  private final Map<String, ReentrantLock> pulling = new ConcurrentHashMap<>();

  Pulls(DockerClient docker, @Nullable RegistryLogin login) {
    this.docker = docker;
    this.login = login;
  }

  /**
   * Does what needs an image, once more if the image had to be pulled first.
   *
   * @throws LaunchException if it cannot be pulled
   */
  void with(String image, Runnable action) {
    try {
      action.run();
    } catch (NotFoundException e) {
      if (!image.contains(PINNED) || !String.valueOf(e.getMessage()).contains("No such image")) {
        throw e;
      }
      ReentrantLock lock = pulling.computeIfAbsent(image, _ -> new ReentrantLock());
      lock.lock();
      try {
        pullUnlessThere(image);
      } finally {
        lock.unlock();
        pulling.remove(image, lock);
      }
      action.run();
    }
  }

  private void pullUnlessThere(String image) {
    try {
      docker.inspectImageCmd(image).exec();
    } catch (NotFoundException e) {
      long begun = System.nanoTime();
      pull(image);
      LOG.atInfo()
          .addKeyValue("image", image)
          .addKeyValue("took", Duration.ofNanos(System.nanoTime() - begun))
          .log("Image was pulled");
    }
  }

  private void pull(String image) {
    int digest = image.indexOf(PINNED) + 1;
    PullImageCmd pull =
        docker.pullImageCmd(image.substring(0, digest - 1)).withTag(image.substring(digest));
    if (login != null && image.startsWith(login.registry() + "/")) {
      pull.withAuthConfig(
          new AuthConfig()
              .withRegistryAddress(login.registry())
              .withUsername(login.user())
              .withPassword(login.password()));
    }
    try {
      if (!pull.start().awaitCompletion(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw failure(image, "it took longer than " + LIMIT.toMinutes() + " minutes", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(image, "it was interrupted", e);
    } catch (LaunchException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failure(image, String.valueOf(e.getMessage()).strip(), e);
    }
  }

  private static LaunchException failure(String image, String why, @Nullable Throwable cause) {
    String registry = image.substring(0, image.indexOf('/') < 0 ? 0 : image.indexOf('/'));
    return new LaunchException(
        "The runtime image %s could not be pulled to this machine: %s. Check that its Docker daemon reaches the registry %s and may read it; then start the run again."
            .formatted(image, why, registry),
        !(cause instanceof NotFoundException),
        cause);
  }
}
