package dev.pipewright.spawner;

import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.inbox.Inbox;
import dev.pipewright.spawner.inbox.Reception;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.outbox.Sender;
import dev.pipewright.spawner.queue.RunQueue;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Spawner: takes webhooks in, plans the runs they cause, starts them and follows them to their
 * end. Everything it must not forget is in the State-Controller or beside the units, so it can be
 * killed at any moment. Thread-safe.
 */
public final class Spawner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spawner.class);
  private static final int CLOSE_SECONDS = 5;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final SpawnerConfig config;
  private final ExecutorService threads;
  private final Reception reception;
  private final Sender sender;
  private final Inbox inbox;
  private final RunQueue queue;

  private Spawner(
      SpawnerConfig config,
      ExecutorService threads,
      Reception reception,
      Sender sender,
      Inbox inbox,
      RunQueue queue) {
    this.config = config;
    this.threads = threads;
    this.reception = reception;
    this.sender = sender;
    this.inbox = inbox;
    this.queue = queue;
  }

  /**
   * Starts working. The State-Controller need not be there yet. The caller closes the launcher
   * after the Spawner.
   */
  public static Spawner start(
      SpawnerConfig config, WorkClient client, Launcher launcher, InstantSource clock) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("spawner-", 0).factory());
    Spawner spawner =
        new Spawner(
            config,
            threads,
            new Reception(client, clock, threads),
            new Sender(client, threads, clock),
            new Inbox(client, threads),
            new RunQueue(config.queue(), client, launcher, clock, threads));
    threads.execute(spawner.inbox::run);
    threads.execute(spawner.sender::run);
    threads.execute(spawner.queue::run);
    LOG.atInfo()
        .addKeyValue("launcher", launcher.name())
        .addKeyValue("maxRuns", config.queue().maxRuns())
        .log("Spawner started");
    return spawner;
  }

  /** Where deliveries are taken in. */
  public Reception reception() {
    return reception;
  }

  /** The settings it was started with. */
  public SpawnerConfig config() {
    return config;
  }

  /**
   * Takes no more work, and waits up to {@code patience} until what was taken is planned and
   * started. Deliveries are still stored, and units are still followed.
   */
  public void drain(Duration patience) {
    inbox.drain();
    queue.drain();
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while ((inbox.isWorking() || queue.isStarting()) && System.nanoTime() < deadline) {
        Retries.pause(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.atInfo()
        .addKeyValue("planning", inbox.isWorking())
        .addKeyValue("starting", queue.isStarting())
        .log("Spawner takes no more work");
  }

  /**
   * Stops taking work and lets go of what it watches; units are left running and are found again by
   * the next start.
   */
  @Override
  public void close() {
    threads.shutdownNow();
    sender.close();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.atWarn().log("Spawner threads are still busy");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.atInfo().log("Spawner stopped");
  }
}
