package dev.pipewright.state.http;

import dev.pipewright.protocol.RunId;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The last events of the live stream as they are sent, numbered from 1, so that who was cut off
 * hears what it has missed. Their ids hold an epoch, for a later server counts from 1 again. Of too
 * many the oldest are forgotten. Thread-safe.
 */
final class RecentEvents {
  /** So many bytes a piece has at the least if there is more; one event is never divided. */
  static final int PIECE = 64 * 1024;

  /** Takes the place of what is forgotten, so that its text is not kept. */
  private static final Event FORGOTTEN = new Event(Hearers.NOBODY, Buffer.buffer());

  private final String epoch;
  private final long mostBytes;
  private final Event[] ring;

  /** The number of the last event that tells a run with its steps. */
  private final Map<RunId, Long> whole = new HashMap<>();

  private long forgotten;
  private long last;
  private long bytes;
  private long madeAfter = -1;
  private Piece made = new Piece(0, Buffer.buffer());

  private record Event(Hearers hearers, Buffer frame) {}

  /**
   * Some events in a row.
   *
   * @param upTo the number of the last of them, sent or left out
   * @param frames what is to be sent; may be empty
   */
  record Piece(long upTo, Buffer frames) {}

  /** Keeps at most so many events, and about so many bytes of them. */
  RecentEvents(String epoch, int mostEvents, long mostBytes) {
    this.epoch = epoch;
    this.mostBytes = mostBytes;
    this.ring = new Event[mostEvents];
  }

  /** Adds a run with its steps, in place of what was kept of it before: the newest tells all. */
  synchronized void addWhole(RunId run, String json) {
    Long before = whole.get(run);
    if (before != null) {
      forget(before);
    }
    add("run", Hearers.ofRun(run), json);
    whole.put(run, last);
  }

  /** Adds an event. */
  synchronized void add(String name, Hearers hearers, String json) {
    long number = last + 1;
    Buffer frame =
        Buffer.buffer("id: %s\nevent: %s\ndata: %s\n\n".formatted(id(number), name, json));
    if (number - forgotten > ring.length) {
      forgetOldest();
    }
    ring[place(number)] = new Event(hearers, frame);
    last = number;
    bytes += frame.length();
    while (bytes > mostBytes && forgotten < last - 1) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    forgotten++;
    forget(forgotten);
    whole.values().remove(forgotten);
  }

  private void forget(long number) {
    bytes -= ring[place(number)].frame().length();
    ring[place(number)] = FORGOTTEN;
  }

  private int place(long number) {
    return (int) (number % ring.length);
  }

  /** Something has happened that was not written down: whoever comes back has missed it. */
  synchronized void skip() {
    while (forgotten < last) {
      forgetOldest();
    }
    last++;
    forgotten = last;
  }

  /** The number of the last event; 0 if there was none. */
  synchronized long last() {
    return last;
  }

  /** The id of an event. */
  String id(long number) {
    return epoch + "-" + number;
  }

  /** The number of the event with this id, if it is one of this epoch and nothing is missing. */
  synchronized OptionalLong number(String id) {
    String start = epoch + "-";
    if (!id.startsWith(start) || !id.substring(start.length()).matches("\\d{1,18}")) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(id.substring(start.length()));
    return number < forgotten || number > last ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /**
   * What comes after the event {@code heard}, a piece at a time; empty if some of it is forgotten.
   *
   * @param only the run whose events are asked for; null for everything
   */
  synchronized Optional<Piece> after(long heard, @Nullable RunId only) {
    if (heard < forgotten) {
      return Optional.empty();
    }
    if (only != null) {
      return Optional.of(piece(heard, only));
    }
    // Nearly all listeners are at the same place, so they share what was made for one of them.
    if (madeAfter != heard || made.upTo() == heard) {
      made = piece(heard, null);
      madeAfter = heard;
    }
    return Optional.of(made);
  }

  private Piece piece(long heard, @Nullable RunId only) {
    Buffer frames = Buffer.buffer();
    long upTo = heard;
    while (upTo < last && frames.length() < PIECE) {
      upTo++;
      Event event = ring[place(upTo)];
      if (event.hearers().include(only)) {
        frames.appendBuffer(event.frame());
      }
    }
    return new Piece(upTo, frames);
  }
}
