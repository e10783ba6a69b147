package dev.pipewright.engine.report;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.event.RunEvent.StepExpanded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to the server. Events and the first bytes of a step leave at once, unless
 * there were many departures shortly before: then there is one each 50 ms, with all that has come
 * meanwhile. Later bytes leave once there are 256 KiB of them, after 100 ms, or with an event that
 * follows them. Of what leaves together output is first, so that a step's output is there before
 * its end is; events keep their order, and so do the bytes of a step. Output of two seconds never
 * leaves together, so that each line's second is known. What does not fit into memory waits in a
 * file, and only when that is full too whoever adds output waits. Thread-safe.
 */
final class Outbox {
  private static final int FULL_CHUNK = 256 * 1024;
  private static final int LARGEST_CHUNK = 1024 * 1024;
  private static final long MEMORY = 8L * 1024 * 1024;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Duration PACE = Duration.ofMillis(50);

  /** How many departures need not keep the pace; as many again after a rest. */
  private static final int HEADWAY = 10;

  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LARGEST_BATCH = 500;
  private static final byte[] LOST = "\n[output lost]\n".getBytes(StandardCharsets.UTF_8);

  /** What is sent in one request. */
  sealed interface Parcel {}

  /** Events in order. */
  record Events(List<EventEnvelope> events) implements Parcel {}

  /** Output of a step; {@code at} is when its first byte was written. */
  record Output(StepPath step, long offset, Instant at, byte[] bytes) implements Parcel {}

  private sealed interface Entry {}

  private record Event(EventEnvelope envelope) implements Entry {}

  private record Chunk(
      StepPath step, long offset, Instant at, long since, ByteArrayOutputStream bytes)
      implements Entry {}

  /** Output that waits in the file. */
  private static final class Spilled implements Entry {
    final StepPath step;
    final long offset;
    final Instant at;
    final long position;
    int length;

    Spilled(StepPath step, long offset, Instant at, long position) {
      this.step = step;
      this.offset = offset;
      this.at = at;
      this.position = position;
    }
  }

  private final InstantSource clock;
  private final Consumer<EventEnvelope> journal;
  private final Spill spill;
  private final long pace;
  private final Deque<Entry> entries = new ArrayDeque<>();

  /** What leaves now, one parcel after the other. */
  private final Deque<Entry> departing = new ArrayDeque<>();

  private final Map<StepPath, Chunk> growing = new HashMap<>();
  private final Map<StepPath, Long> ends = new HashMap<>();
  private long sequence;
  private long arrived;
  private long backlog;
  private long lastDelivery = System.nanoTime();
  private long nextDeparture;
  private boolean departed;
  private int hurried;
  private boolean closed;
  private boolean broken;

  /** An outbox in memory alone. */
  Outbox(InstantSource clock) {
    this(clock, _ -> {}, null);
  }

  /**
   * An outbox.
   *
   * @param journal is told each event before it can be sent
   * @param spill where output waits that does not fit into memory; null for nowhere
   */
  Outbox(InstantSource clock, Consumer<EventEnvelope> journal, @Nullable Path spill) {
    this(clock, journal, spill, PACE);
  }

  /** An outbox of which something leaves only each {@code pace}, once many departures were made. */
  Outbox(
      InstantSource clock, Consumer<EventEnvelope> journal, @Nullable Path spill, Duration pace) {
    this.clock = clock;
    this.journal = journal;
    this.spill = new Spill(spill);
    this.pace = pace.toNanos();
    this.nextDeparture = System.nanoTime() - HEADWAY * this.pace;
  }

  /** Output of the step begins at this offset. */
  synchronized void begin(StepPath step, long offset) {
    ends.put(step, offset);
  }

  /** Where the next output of the step begins. */
  synchronized long end(StepPath step) {
    return ends.getOrDefault(step, 0L);
  }

  void event(RunEvent event) {
    event(event, clock.instant());
  }

  /** An event that happened then. */
  synchronized void event(RunEvent event, Instant at) {
    if (!broken && !closed) {
      EventEnvelope envelope = new EventEnvelope(++sequence, at, event);
      journal.accept(envelope);
      add(new Event(envelope));
    }
  }

  /** Whoever sends need only know of what changes when the first one leaves. */
  private void add(Entry entry) {
    entries.add(entry);
    if (entries.size() <= 2) {
      notifyAll();
    }
  }

  synchronized void output(StepPath step, byte[] bytes, int offset, int length) {
    if (closed || broken || length == 0) {
      return;
    }
    boolean room = awaitRoom(length);
    if (broken || (!room && spilled(step, bytes, offset, length))) {
      return;
    }
    Instant now = clock.instant();
    Chunk chunk = growing.get(step);
    if (chunk == null
        || chunk.bytes().size() + length > LARGEST_CHUNK
        || isOtherSecond(chunk.at(), now)) {
      chunk = new Chunk(step, end(step), now, System.nanoTime(), new ByteArrayOutputStream());
      growing.put(step, chunk);
      add(chunk);
    }
    chunk.bytes().write(bytes, offset, length);
    ends.put(step, end(step) + length);
    backlog += length;
    if (isFull(chunk)) {
      notifyAll();
    }
  }

  private static boolean isOtherSecond(Instant at, Instant now) {
    return at.getEpochSecond() != now.getEpochSecond();
  }

  /** Writes output into the file; it comes after what is in memory. */
  private boolean spilled(StepPath step, byte[] bytes, int offset, int length) {
    long position = spill.end();
    if (!spill.write(bytes, offset, length)) {
      return false;
    }
    growing.remove(step);
    Instant now = clock.instant();
    if (entries.peekLast() instanceof Spilled last
        && last.step.equals(step)
        && !isOtherSecond(last.at, now)
        && last.position + last.length == position
        && last.length + length <= LARGEST_CHUNK) {
      last.length += length;
    } else {
      Spilled next = new Spilled(step, end(step), now, position);
      next.length = length;
      add(next);
    }
    ends.put(step, end(step) + length);
    return true;
  }

  /**
   * Waits for room in memory, or until nothing is there to be broken any more; false if the server
   * takes nothing for a while and there is room in the file.
   */
  private boolean awaitRoom(int length) {
    boolean interrupted = false;
    boolean room = true;
    while (backlog > MEMORY && !broken) {
      long left = lastDelivery + STALLED_NANOS - System.nanoTime();
      if (left <= 0 && spill.hasRoom(length)) {
        room = false;
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(50)));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return room;
  }

  /** The next parcel, once it is due; null when the outbox is closed and empty, or broken. */
  synchronized @Nullable Parcel take() throws InterruptedException {
    while (!broken) {
      Entry next = departing.peek();
      if (next != null) {
        return switch (next) {
          case Event _ -> events();
          case Chunk chunk -> output(chunk);
          case Spilled spilled -> output(spilled);
        };
      }
      Entry head = entries.peek();
      if (head == null && closed) {
        return null;
      }
      long patience = head == null ? 0 : patience(head);
      if (head == null) {
        wait();
      } else if (patience > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, patience);
      } else {
        depart();
      }
    }
    return null;
  }

  /** How long the first entry is to wait yet; nothing positive if it is due. */
  private long patience(Entry head) {
    if (closed || hurried > 0 || isFull(head)) {
      return 0;
    }
    if (head instanceof Chunk chunk && chunk.offset() > 0 && entries.size() == 1) {
      return chunk.since() + PATIENCE_NANOS - System.nanoTime();
    }
    return nextDeparture - System.nanoTime();
  }

  private static boolean isFull(Entry entry) {
    return switch (entry) {
      case Event _ -> false;
      case Chunk chunk -> chunk.bytes().size() >= FULL_CHUNK;
      case Spilled _ -> true;
    };
  }

  /**
   * Lets everything up to the last event go, or the first entry alone if there is no event. What a
   * launch begins with, and that there are more steps, is told before the output that follows it.
   */
  private void depart() {
    long now = System.nanoTime();
    if (nextDeparture - now <= 0) {
      nextDeparture = now + Math.max(nextDeparture - now, -HEADWAY * pace) + pace;
    }
    boolean first = !departed && entries.peek() instanceof Event;
    departed = true;
    int last = 0;
    int count = 0;
    for (Entry entry : entries) {
      boolean event = entry instanceof Event;
      if (first && !event) {
        break;
      }
      count++;
      last = event ? count : last;
      if (entry instanceof Event(var envelope) && envelope.event() instanceof StepExpanded) {
        break;
      }
    }
    List<Entry> events = new ArrayList<>();
    for (int i = 0; i < Math.max(1, last); i++) {
      Entry entry = entries.remove();
      (entry instanceof Event ? events : departing).add(entry);
    }
    departing.addAll(events);
  }

  private Events events() {
    List<EventEnvelope> batch = new ArrayList<>();
    while (batch.size() < LARGEST_BATCH && departing.peek() instanceof Event(EventEnvelope event)) {
      batch.add(event);
      departing.remove();
    }
    return new Events(batch);
  }

  private Output output(Chunk chunk) {
    departing.remove();
    growing.remove(chunk.step(), chunk);
    return new Output(chunk.step(), chunk.offset(), chunk.at(), chunk.bytes().toByteArray());
  }

  private Output output(Spilled head) {
    departing.remove();
    backlog += head.length;
    byte[] bytes;
    try {
      bytes = spill.read(head.position, head.length);
    } catch (IOException e) {
      // As long as what was lost, because later offsets are given out already.
      bytes = new byte[head.length];
      Arrays.fill(bytes, (byte) '?');
      System.arraycopy(LOST, 0, bytes, 0, Math.min(LOST.length, bytes.length));
    }
    return new Output(head.step, head.offset, head.at, bytes);
  }

  /** Waits until the events added so far have arrived; false if they never will. */
  synchronized boolean awaitDelivery() throws InterruptedException {
    long last = sequence;
    hurried++;
    notifyAll();
    try {
      while (arrived < last && !broken) {
        wait();
      }
    } finally {
      hurried--;
    }
    return arrived >= last;
  }

  /** A parcel has arrived. */
  synchronized void delivered(Parcel parcel) {
    lastDelivery = System.nanoTime();
    switch (parcel) {
      case Events(var events) -> arrived = events.isEmpty() ? arrived : events.getLast().seq();
      case Output output -> backlog -= output.bytes().length;
    }
    notifyAll();
  }

  /** Nothing more is added; what is here is still delivered. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Nothing can be delivered any more; what is here is dropped and nobody waits. */
  synchronized void breakUp() {
    broken = true;
    entries.clear();
    departing.clear();
    spill.close();
    notifyAll();
  }

  /** Everything was taken. */
  synchronized void end() {
    spill.close();
  }
}
