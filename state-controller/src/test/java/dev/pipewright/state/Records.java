package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.NewRun;

/** Runs as they are kept, for tests. */
final class Records {
  private Records() {}

  static RunRecord queued(String id) {
    RunId run = RunId.parse(id);
    NewRun order = Samples.order(run.pipeline().value(), "key " + id);
    return RunRecord.queued(run, order, Samples.NOON);
  }
}
