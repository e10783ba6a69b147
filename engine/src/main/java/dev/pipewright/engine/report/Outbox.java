package dev.pipewright.engine.report;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to the server, in order. The first bytes of a step leave at once; later ones
 * leave once there are 64 KiB of them, after 100 ms, or when an event follows them. Whoever adds
 * output waits while too much of it is here. Thread-safe.
 */
final class Outbox {
  private static final int FULL_CHUNK = 64 * 1024;
  private static final int LARGEST_CHUNK = 512 * 1024;
  private static final long BACKLOG_LIMIT = 8L * 1024 * 1024;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LARGEST_BATCH = 500;

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

  private final InstantSource clock;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Map<StepPath, Chunk> growing = new HashMap<>();
  private final Map<StepPath, Long> ends = new HashMap<>();
  private long sequence;
  private long arrived;
  private long backlog;
  private boolean closed;
  private boolean broken;

  Outbox(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void event(RunEvent event) {
    if (!broken) {
      entries.add(new Event(new EventEnvelope(++sequence, clock.instant(), event)));
      notifyAll();
    }
  }

  synchronized void output(StepPath step, byte[] bytes, int offset, int length) {
    awaitRoom();
    if (broken) {
      return;
    }
    Chunk chunk = growing.get(step);
    if (chunk == null || chunk.bytes().size() + length > LARGEST_CHUNK) {
      long from = ends.getOrDefault(step, 0L);
      chunk =
          new Chunk(step, from, clock.instant(), System.nanoTime(), new ByteArrayOutputStream());
      growing.put(step, chunk);
      entries.add(chunk);
    }
    chunk.bytes().write(bytes, offset, length);
    ends.merge(step, (long) length, Long::sum);
    backlog += length;
    notifyAll();
  }

  /** Waits for room; ends when a parcel was delivered or the outbox is broken. */
  private void awaitRoom() {
    boolean interrupted = false;
    while (backlog > BACKLOG_LIMIT && !broken) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next parcel, once it is due; null when the outbox is closed and empty, or broken. */
  synchronized @Nullable Parcel take() throws InterruptedException {
    while (!broken) {
      Entry head = entries.peek();
      if (head == null && closed) {
        return null;
      }
      long patience = head instanceof Chunk chunk ? patience(chunk) : 0;
      if (head != null && patience <= 0) {
        return switch (head) {
          case Event _ -> events();
          case Chunk chunk -> output(chunk);
        };
      }
      if (head == null) {
        wait();
      } else {
        TimeUnit.NANOSECONDS.timedWait(this, patience);
      }
    }
    return null;
  }

  private long patience(Chunk chunk) {
    boolean due =
        closed || chunk.offset() == 0 || entries.size() > 1 || chunk.bytes().size() >= FULL_CHUNK;
    return due ? 0 : chunk.since() + PATIENCE_NANOS - System.nanoTime();
  }

  private Events events() {
    List<EventEnvelope> batch = new ArrayList<>();
    while (batch.size() < LARGEST_BATCH && entries.peek() instanceof Event(EventEnvelope event)) {
      batch.add(event);
      entries.remove();
    }
    return new Events(batch);
  }

  private Output output(Chunk chunk) {
    entries.remove();
    growing.remove(chunk.step(), chunk);
    return new Output(chunk.step(), chunk.offset(), chunk.at(), chunk.bytes().toByteArray());
  }

  /** Waits until the events added so far have arrived; false if they never will. */
  synchronized boolean awaitDelivery() throws InterruptedException {
    long last = sequence;
    while (arrived < last && !broken) {
      wait();
    }
    return arrived >= last;
  }

  /** A parcel has arrived. */
  synchronized void delivered(Parcel parcel) {
    if (parcel instanceof Events(var events) && !events.isEmpty()) {
      arrived = events.getLast().seq();
      notifyAll();
    }
    if (parcel instanceof Output output) {
      backlog -= output.bytes().length;
      notifyAll();
    }
  }

  /** Nothing more will be added. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Nothing can be delivered any more; what is here is dropped and nobody waits. */
  synchronized void breakUp() {
    broken = true;
    entries.clear();
    notifyAll();
  }
}
