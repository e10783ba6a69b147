package dev.pipewright.standalone.local;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.ExitGuard;
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

  /** Listens until closed, which tells that the run is over and its end has been shown. */
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

  /**
   * Runs when the process is told to end otherwise: by SIGTERM, or by code of the pipeline. A step
   * that calls {@code System.exit} breaks by that and the run goes on to its end; a thread that no
   * step waits for cancels it.
   */
  private void ending() {
    if (ExitGuard.isHeld()) {
      return;
    }
    boolean signalled = ExitGuard.isSignalled();
    cancellation.cancel(
        signalled ? "interrupted" : "a thread of the pipeline's code called System.exit");
    try {
      done.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!signalled) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
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
