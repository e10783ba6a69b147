package dev.pipewright.engine.report;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import java.util.List;

/** Watches a local run as it goes on. Called from several threads, one call at a time. */
public interface RunListener {

  /** This happened before, in the process whose run is gone on with; comes first. */
  default void known(List<EventEnvelope> events) {}

  /** Something happened. */
  void event(EventEnvelope event);

  /** A step printed something; the array is the listener's. */
  void output(StepPath step, byte[] bytes);
}
