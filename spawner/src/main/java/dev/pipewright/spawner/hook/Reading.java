package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import java.util.List;

/** What a body says: which refs changed and what is to be done about it. */
record Reading(Verdict verdict, String reason, List<RefChange> changes) {
  Reading {
    changes = List.copyOf(changes);
  }

  /** Of events that say nothing about a commit to be built. */
  static Reading uninteresting(String event) {
    return of(Verdict.IGNORED, "Events of the kind " + event + " start nothing.");
  }

  static Reading of(Verdict verdict, String reason) {
    return new Reading(verdict, reason, List.of());
  }

  static Reading of(Verdict verdict, String reason, RefChange change) {
    return new Reading(verdict, reason, List.of(change));
  }
}
