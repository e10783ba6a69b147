package dev.pipewright.standalone.local;

import dev.pipewright.engine.step.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Ctrl-C and an end asked for by the system do to a local run: the first cancels it, so that
 * its {@code ensure} steps still run, and the second ends the process at once.
 */
final class Interrupts implements AutoCloseable {
  private static final int EXIT_CODE = 130;
  private static final long GRACE_SECONDS = 60;

  private final Cancellation cancellation;
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();
  private final Thread hook = Thread.ofPlatform().unstarted(this::ending);

  private Interrupts(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /** Listens until closed. */
  static Interrupts cancelling(Cancellation cancellation) {
    Interrupts interrupts = new Interrupts(cancellation);
    Signals.on("INT", interrupts::interrupted);
    Runtime.getRuntime().addShutdownHook(interrupts.hook);
    return interrupts;
  }

  private void interrupted() {
    if (count.incrementAndGet() == 1) {
      cancellation.cancel("interrupted");
    } else {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  /** Runs when the process is told to end otherwise, such as by SIGTERM. */
  private void ending() {
    cancellation.cancel("interrupted");
    try {
      done.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run is over. */
  void done() {
    done.countDown();
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already.
    }
  }
}
