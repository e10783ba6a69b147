package dev.pipewright.test.play;

import dev.pipewright.engine.step.Cancellation;
import java.io.IOException;

/** The life of one engine. Once it is lost, nothing it does has an effect any more. Thread-safe. */
final class Life {
  private final Cancellation abort = Cancellation.root();
  private final Cancellation cancellation = abort.child();
  private volatile boolean lost;

  /** Ends everything at once. */
  Cancellation abort() {
    return abort;
  }

  /** Ends the run as CANCELLED. */
  Cancellation cancellation() {
    return cancellation;
  }

  /** The engine is gone; what it was doing is cut off. */
  void lose() {
    mute();
    abort.cancel("the engine is lost");
  }

  /** From now on, nothing it does has an effect; it does not know yet. */
  void mute() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** Refuses to do anything for an engine that is lost. */
  void check() throws IOException {
    if (lost) {
      throw new IOException("The engine is lost.");
    }
  }
}
