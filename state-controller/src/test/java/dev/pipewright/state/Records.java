package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.NewRun;

/** Runs as they are kept, for tests. */
final class Records {
  private Records() {}

  static RunRecord queued(String id) {
    RunId run = RunId.parse(id);
    NewRun order = Samples.order(run.pipeline().value(), "key " + id);
    return new RunRecord(
        run,
        order,
        Samples.NOON,
        RunState.QUEUED,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null,
        null,
        null,
        false,
        0,
        0,
        1,
        RunDraft.pending(order));
  }
}
