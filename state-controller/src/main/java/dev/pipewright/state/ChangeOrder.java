package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which of some runs has the older change. A change that had to wait, as its repository could not
 * be reached, is planned later than what came after it, and its run has the higher number all the
 * same. Thread-safe.
 */
final class ChangeOrder {
  private static final Comparator<RunRecord> BY_NUMBER =
      Comparator.comparingLong(run -> run.id().number());

  private final Deliveries deliveries;

  ChangeOrder(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  /** From old to new, by the arrival of the changes; by number if that is not known of all. */
  Comparator<RunRecord> among(Collection<RunRecord> runs) {
    Map<RunId, Long> arrivals = new HashMap<>();
    for (RunRecord run : runs) {
      Optional<Long> arrival =
          Optional.ofNullable(run.order().cause().delivery())
              .flatMap(deliveries::entry)
              .map(DeliveryEntry::arrival);
      if (arrival.isEmpty()) {
        return BY_NUMBER;
      }
      arrivals.put(run.id(), arrival.get());
    }
    return Comparator.<RunRecord>comparingLong(run -> arrivals.getOrDefault(run.id(), 0L))
        .thenComparing(BY_NUMBER);
  }
}
