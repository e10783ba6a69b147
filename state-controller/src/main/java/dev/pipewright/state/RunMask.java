package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import java.util.List;

/**
 * What is done to everything an engine sends before it is kept: the place to hide what its engine
 * should have hidden. Thread-safe.
 */
public interface RunMask {

  /** Keeps everything as it comes. */
  RunMask NONE =
      new RunMask() {
        @Override
        public List<EventEnvelope> events(RunId run, List<EventEnvelope> events) {
          return events;
        }

        @Override
        public long append(LogStore logs, LogKey log, long offset, byte[] bytes) {
          return logs.append(log, offset, bytes);
        }
      };

  /** The events to keep in the place of these: the same ones, perhaps with other texts. */
  List<EventEnvelope> events(RunId run, List<EventEnvelope> events);

  /**
   * Keeps output as {@link LogStore#append} does; may change bytes, also those kept before, but
   * never how many there are. Of one log, one call is made at a time.
   */
  long append(LogStore logs, LogKey log, long offset, byte[] bytes);
}
