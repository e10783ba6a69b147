package dev.pipewright.engine.report;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.io.IOException;
import java.nio.file.Path;

/** Where a run is reported. Keeps the order of what it is told. Thread-safe. */
public interface Reporter {

  /** Tells what happened. Does not wait until it is stored. */
  void event(RunEvent event);

  /**
   * Tells what a step printed. Waits while too much is not stored yet, and passes the bytes over
   * once reporting has become impossible.
   */
  void output(StepPath step, byte[] bytes, int offset, int length);

  /** How much output of a step is kept already, from an engine before this one. */
  default long outputEnd(StepPath step) {
    return 0;
  }

  /**
   * Keeps a file. Returns when it is stored.
   *
   * @param name its path relative to the workspace
   * @throws IOException if it cannot be read or stored
   */
  Artifact keep(String name, Path file) throws IOException;

  /**
   * Waits until everything that was told before is stored, so that it is known whatever happens
   * next.
   *
   * @throws IOException if it cannot be stored any more
   * @throws InterruptedException if the calling thread is interrupted meanwhile
   */
  void flush() throws IOException, InterruptedException;
}
