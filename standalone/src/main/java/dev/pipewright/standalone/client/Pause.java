package dev.pipewright.standalone.client;

import dev.pipewright.standalone.CommandException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A short wait between two questions to a server that offers no better way to wait. */
public final class Pause {
  private Pause() {}

  /** Waits; an interrupt ends the command with exit code 130. */
  public static void of(Duration time) {
    LockSupport.parkNanos(time.toNanos());
    if (Thread.interrupted()) {
      throw new CommandException("interrupted", 130);
    }
  }
}
