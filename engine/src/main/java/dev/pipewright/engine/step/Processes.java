package dev.pipewright.engine.step;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process and everything it has started: its process group, its session, and whatever carries the
 * cookie of its step. Confined to the thread that started it.
 */
final class Processes {
  private static final int KILL_ROUNDS = 50;
  private static final long ROUND_MILLIS = 20;

  private final Process process;
  private final String cookie;
  private final boolean grouped;

  Processes(Process process, String cookie, boolean grouped) {
    this.process = process;
    this.cookie = cookie;
    this.grouped = grouped;
  }

  /**
   * Asks all of them to end, waits, and then makes them end. An interrupt shortens the wait and
   * stays set.
   */
  void end(Duration grace) {
    signalGroup("TERM");
    others().forEach(ProcessHandle::destroy);
    boolean interrupted = !awaitEnd(grace);
    signalGroup("KILL");
    process.destroyForcibly();
    killRemaining();
    interrupted |= !awaitExit();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what is left after the process itself has ended. */
  void killRemaining() {
    for (int round = 0; round < KILL_ROUNDS; round++) {
      List<ProcessHandle> left = others();
      if (left.isEmpty()) {
        return;
      }
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private List<ProcessHandle> others() {
    if (ProcessTable.isAvailable()) {
      return ProcessTable.startedBy(process.pid(), cookie);
    }
    return process.descendants().toList();
  }

  /** Waits until none is left or the grace is over; false if interrupted. */
  private boolean awaitEnd(Duration grace) {
    long deadline = System.nanoTime() + grace.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        if (process.waitFor(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
          if (others().isEmpty()) {
            return true;
          }
          TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
        }
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private boolean awaitExit() {
    try {
      process.waitFor(5, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void signalGroup(String signal) {
    if (!grouped) {
      process.destroy();
      return;
    }
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -" + signal + " -" + process.pid())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      kill.getOutputStream().close();
      kill.onExit().join();
    } catch (IOException e) {
      process.destroy();
    }
  }
}
