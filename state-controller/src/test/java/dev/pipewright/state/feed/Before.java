package dev.pipewright.state.feed;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.feed.clients.Seen;
import org.jspecify.annotations.Nullable;

/** What a pipeline had as its last result before something happened. */
enum Before {
  NEW(null, Seen.Lamp.GREY),
  GREEN(Outcome.SUCCEEDED, Seen.Lamp.GREEN),
  RED(Outcome.FAILED, Seen.Lamp.RED),
  ERRORED(Outcome.ERRORED, Seen.Lamp.RED);

  final @Nullable Outcome outcome;
  final Seen.Lamp lamp;

  Before(@Nullable Outcome outcome, Seen.Lamp lamp) {
    this.outcome = outcome;
    this.lamp = lamp;
  }
}
