package dev.pipewright.builder;

import dev.pipewright.builder.disk.OldFolders;
import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.builder.image.Cleaned;
import dev.pipewright.builder.image.RuntimeImages;
import dev.pipewright.builder.maven.MavenLibraries;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.client.WorkClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from time to time what a Builder has made or fetched and nobody needs any more: runtime
 * images, mirrors, libraries and layers. Nothing that was used in the last hour is touched.
 * Thread-safe.
 */
final class Cleaning implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cleaning.class);
  private static final Duration FIRST = Duration.ofMinutes(5);
  private static final long MEBIBYTE = 1 << 20;

  private final WorkClient client;
  private final RuntimeImages images;
  private final Mirrors mirrors;
  private final MavenLibraries libraries;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);

  Cleaning(
      WorkClient client,
      RuntimeImages images,
      Mirrors mirrors,
      MavenLibraries libraries,
      InstantSource clock) {
    this.client = client;
    this.images = images;
    this.mirrors = mirrors;
    this.libraries = libraries;
    this.clock = clock;
  }

  /** Begins to clean, the first time after some minutes; never if {@code every} is zero. */
  void start(Duration every) {
    if (every.isPositive()) {
      Thread.ofVirtual().name("cleaning").start(() -> loop(every));
    }
  }

  private void loop(Duration every) {
    try {
      Duration pause = every.compareTo(FIRST) < 0 ? every : FIRST;
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        clean();
        pause = every;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cleans once. What cannot be told or reached now is left for the next time. */
  void clean() {
    try {
      Cleaned gone = images.clean(client.imagesKept().images(), clock.instant());
      if (gone.count() > 0) {
        log.atInfo()
            .addKeyValue("images", gone.count())
            .addKeyValue("freedMiB", gone.bytes() / MEBIBYTE)
            .log("Runtime images that nobody needs were removed");
      }
      Mirrors.Cleaned left =
          mirrors.clean(client.sources().stream().map(source -> source.name()).toList());
      if (left.removed() > 0) {
        log.atInfo()
            .addKeyValue("mirrors", left.removed())
            .addKeyValue("freedMiB", left.bytes() / MEBIBYTE)
            .log("Mirrors that nobody needs were removed");
      }
      tell("Libraries that nobody has used for long were removed", libraries.clean());
      tell(
          "Layers that nobody has used for long were removed", images.cleanLayers(clock.instant()));
    } catch (ApiException | IOException | UncheckedIOException e) {
      log.atWarn().setCause(e).log("Cleaning is tried again later");
    }
  }

  private static void tell(String what, OldFolders.Removed removed) {
    if (removed.folders() > 0) {
      log.atInfo()
          .addKeyValue("folders", removed.folders())
          .addKeyValue("freedMiB", removed.bytes() / MEBIBYTE)
          .log(what);
    }
  }

  /** Cleans no more. */
  @Override
  public void close() {
    closed.countDown();
  }
}
