package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.PoolReport;
import dev.pipewright.spawner.launch.Ahead;
import dev.pipewright.spawner.retry.Retries;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every few seconds how the units stand that are started ahead of need. */
final class PoolReports {
  private static final Logger LOG = LoggerFactory.getLogger(PoolReports.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final Watching watching;

  PoolReports(Watching watching) {
    this.watching = watching;
  }

  /** Tells again and again until it is interrupted. */
  void run() {
    try {
      while (true) {
        tell();
        Retries.pause(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What cannot be told now is part of what is told next. */
  private void tell() {
    Ahead now = watching.launcher().ahead();
    try {
      watching
          .client()
          .poolReported(
              new PoolReport(
                  watching.config().instance(),
                  now.waiting(),
                  now.hits(),
                  now.misses(),
                  now.made(),
                  now.removed()));
    } catch (ApiException | UncheckedIOException e) {
      LOG.atDebug().setCause(e).log("How the pool stands was not told");
    }
  }
}
