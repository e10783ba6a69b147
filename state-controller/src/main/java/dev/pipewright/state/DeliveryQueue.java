package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The order in which deliveries are worked on: of each source one at a time and the oldest first,
 * different sources side by side. Only in memory and without any I/O; every call costs at most the
 * logarithm of how many wait. Thread-safe.
 */
final class DeliveryQueue {

  /** A delivery and its place in the order of arrival. */
  record Place(SourceName source, long arrival, String id) {}

  /** The deliveries of one source. */
  private static final class Lane {
    /** Those whose turn may come, by arrival. */
    private final TreeMap<Long, Place> ready = new TreeMap<>();

    /** Those that stepped aside, and until when. */
    private final Map<Long, Instant> resting = new HashMap<>();

    /** The one that is worked on. */
    private @Nullable Place held;

    private Instant heldUntil = Instant.MIN;
    private boolean watched;

    /** While this one keeps its place, the others wait with it. */
    private @Nullable Place closedBy;

    private Instant closedUntil = Instant.MIN;

    /** Under which arrival this lane is offered; null if it is not. */
    private @Nullable Long offered;

    private void leave(Place place) {
      if (place.equals(held)) {
        held = null;
      }
      if (place.equals(closedBy)) {
        closedBy = null;
      }
      ready.remove(place.arrival());
      resting.remove(place.arrival());
    }

    /** What was true until now and is not any more is so no longer. */
    private void wake(Instant now) {
      Place lost = held;
      if (lost != null && !heldUntil.isAfter(now)) {
        held = null;
        ready.put(lost.arrival(), lost);
      }
      if (!closedUntil.isAfter(now)) {
        closedBy = null;
      }
    }

    private boolean isOpen() {
      return held == null && closedBy == null && !ready.isEmpty();
    }
  }

  /**
   * A moment at which a lane is looked at again.
   *
   * @param rested who steps back into the line then
   * @param lease whether it watches the lease of the one that is worked on
   */
  private record Alarm(Instant at, Lane lane, @Nullable Place rested, boolean lease) {}

  private final Map<SourceName, Lane> lanes = new HashMap<>();
  private final TreeMap<Long, Lane> offers = new TreeMap<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparing(Alarm::at));

  /** Puts a delivery in its place, whether it was in the line, at rest or being worked on. */
  synchronized void add(Place place) {
    Lane lane = lane(place);
    lane.leave(place);
    lane.ready.put(place.arrival(), place);
    offer(lane);
  }

  /** Puts a delivery in its place; neither it nor those behind it have their turn before then. */
  synchronized void addClosed(Place place, Instant until) {
    Lane lane = lane(place);
    lane.leave(place);
    lane.ready.put(place.arrival(), place);
    lane.closedBy = place;
    lane.closedUntil = until;
    alarms.add(new Alarm(until, lane, null, false));
    offer(lane);
  }

  /** Lets those behind a delivery go past it until then. */
  synchronized void addResting(Place place, Instant until) {
    Lane lane = lane(place);
    lane.leave(place);
    lane.resting.put(place.arrival(), until);
    alarms.add(new Alarm(until, lane, place, false));
    offer(lane);
  }

  /** The oldest delivery whose turn it is. Its source offers no other one while it is held. */
  synchronized Optional<Place> take(Instant now, Instant until) {
    boolean unused = wake(now);
    Map.Entry<Long, Lane> first = offers.firstEntry();
    if (first == null) {
      return Optional.empty();
    }
    Lane lane = first.getValue();
    Place place = lane.ready.pollFirstEntry().getValue();
    lane.held = place;
    lane.heldUntil = until;
    watch(lane);
    offer(lane);
    return Optional.of(place);
  }

  /** Holds a delivery longer; false if it is not held any more. */
  synchronized boolean renew(Place place, Instant until) {
    Lane lane = lane(place);
    if (!place.equals(lane.held)) {
      return false;
    }
    lane.heldUntil = until;
    return true;
  }

  /** Takes a delivery out of the line. */
  synchronized void remove(Place place) {
    Lane lane = lane(place);
    lane.leave(place);
    offer(lane);
  }

  /** Ends what is over by now: leases and pauses. True if that may be anything. */
  synchronized boolean wake(Instant now) {
    boolean woken = false;
    while (!alarms.isEmpty() && !alarms.peek().at().isAfter(now)) {
      Alarm alarm = alarms.remove();
      Lane lane = alarm.lane();
      lane.wake(now);
      Place rested = alarm.rested();
      if (rested != null && lane.resting.remove(rested.arrival(), alarm.at())) {
        lane.ready.put(rested.arrival(), rested);
      }
      if (alarm.lease()) {
        lane.watched = false;
        watch(lane);
      }
      offer(lane);
      woken = true;
    }
    return woken;
  }

  /** One alarm per lane is enough, however many leases come and go before it rings. */
  private void watch(Lane lane) {
    if (lane.held != null && !lane.watched) {
      lane.watched = true;
      alarms.add(new Alarm(lane.heldUntil, lane, null, true));
    }
  }

  private Lane lane(Place place) {
    return lanes.computeIfAbsent(place.source(), any -> new Lane());
  }

  private void offer(Lane lane) {
    Long offered = lane.offered;
    if (offered != null) {
      offers.remove(offered);
    }
    lane.offered = lane.isOpen() ? lane.ready.firstKey() : null;
    if (lane.offered != null) {
      offers.put(lane.offered, lane);
    }
  }
}
