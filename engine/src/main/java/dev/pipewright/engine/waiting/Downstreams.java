package dev.pipewright.engine.waiting;

import java.io.IOException;
import java.util.Map;

/** Who starts runs of other pipelines. Thread-safe. */
public interface Downstreams {

  /**
   * A wish for a run.
   *
   * @param key the same key again is the same wish
   * @param pipeline what to run
   * @param parameters what it is started with
   * @param awaited whether an answer is wanted under the key when the run is over
   */
  record Wish(String key, String pipeline, Map<String, String> parameters, boolean awaited) {
    public Wish {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * Starts the run, or finds that it was started for this key.
   *
   * @return in words what was started, for people
   * @throws IOException if it cannot be started; the message says why
   */
  String start(Wish wish) throws IOException, InterruptedException;
}
