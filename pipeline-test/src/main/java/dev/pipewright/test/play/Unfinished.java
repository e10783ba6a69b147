package dev.pipewright.test.play;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says what a run is at. */
final class Unfinished {
  private Unfinished() {}

  /** The innermost steps that were begun and are not over, such as {@code 'a' and 'b' go on}. */
  static String of(Ledger ledger) {
    Set<StepPath> begun = new LinkedHashSet<>();
    for (EventEnvelope envelope : ledger.history()) {
      switch (envelope.event()) {
        case RunEvent.RunStarted _ -> begun.clear();
        case RunEvent.StepStarted start -> begun.add(start.path());
        case RunEvent.StepFinished end -> begun.remove(end.path());
        default -> {}
      }
    }
    List<String> names =
        begun.stream()
            .filter(path -> begun.stream().noneMatch(path::contains))
            .map(path -> "'" + path + "'")
            .toList();
    return names.isEmpty() ? "no step goes on" : String.join(" and ", names) + " not over";
  }
}
