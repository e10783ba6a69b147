package dev.pipewright.state.feed;

import dev.pipewright.state.feed.clients.Seen;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a pipeline, and what everybody is to see then: another lamp, or the one from
 * before, and whether something goes on.
 */
enum Happening {
  NOTHING(null, false),
  SUCCEEDED(Seen.Lamp.GREEN, false),
  SKIPPED(null, false),
  FAILED(Seen.Lamp.RED, false),
  TIMED_OUT(Seen.Lamp.RED, false),
  OUT_OF_MEMORY(Seen.Lamp.RED, false),
  LOST(Seen.Lamp.RED, false),
  CANCELLED_IN_THE_QUEUE(null, false),
  CANCELLED_AT_WORK(null, false),
  KILLED_AFTER_A_CANCEL(null, false),
  WAITING_FOR_A_PERSON(null, false),
  REJECTED_WHILE_HELD(null, false),
  HELD(null, false),
  FAILED_ON_ANOTHER_BRANCH(null, false),
  RUNNING_ON_ANOTHER_BRANCH(null, false),
  CLAIMED(null, true),
  RUNNING(null, true),
  RERUN_SUCCEEDED(Seen.Lamp.GREEN, false),
  RERUN_FAILED(Seen.Lamp.RED, false),
  RERUN_CANCELLED(null, false),
  RERUN_RUNNING(null, true),
  RERUN_QUEUED(null, true),
  LOST_ONCE(null, true),
  SUPERSEDED(null, true),
  QUEUED(null, true);

  final Seen.@Nullable Lamp lamp;
  final boolean building;

  Happening(Seen.@Nullable Lamp lamp, boolean building) {
    this.lamp = lamp;
    this.building = building;
  }

  boolean isRerun() {
    return name().startsWith("RERUN");
  }

  /** The pipeline to which this happens after {@code before}. */
  String after(Before before) {
    return (before + "-then-" + this).toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
