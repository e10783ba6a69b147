package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.run.ResourceUse;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The most that was seen of what a unit takes up. Looks come at a distance that grows with its age,
 * so that of a short run as much is seen as of a long one. Thread-safe.
 */
public final class Footprint {
  private static final long SHORTEST = 25_000_000;
  private static final long LONGEST = 1_000_000_000;
  private static final int AGE_PER_GAP = 10;

  private final long begun = System.nanoTime();
  private long next = begun;
  private @Nullable ResourceUse use;
  private @Nullable ResourceUse beside;

  /** How long to the next look: a tenth of the age, from 25 ms to one second. */
  public synchronized long nanosToNext() {
    long now = System.nanoTime();
    if (now - next >= 0) {
      next = now + Math.clamp((now - begun) / AGE_PER_GAP, SHORTEST, LONGEST);
    }
    return next - now;
  }

  /** The time of processors up to now, which never falls. */
  public void cpuMillis(OptionalLong millis) {
    if (millis.isPresent()) {
      seen(new ResourceUse(millis.getAsLong(), null, null));
    }
  }

  /** Bytes of memory just now, or the most up to now. */
  public void memory(OptionalLong bytes) {
    if (bytes.isPresent()) {
      seen(new ResourceUse(null, bytes.getAsLong(), null));
    }
  }

  /** Bytes of disk just now. */
  public void disk(OptionalLong bytes) {
    if (bytes.isPresent()) {
      seen(new ResourceUse(null, null, bytes.getAsLong()));
    }
  }

  private synchronized void seen(ResourceUse now) {
    ResourceUse old = use;
    boolean isTime = now.cpuMillis() != null;
    use =
        old == null
            ? now
            : now.after(isTime ? new ResourceUse(null, old.memoryPeak(), old.disk()) : old);
  }

  /** Something beside the unit has ended, which counts with it. */
  public synchronized void add(@Nullable ResourceUse other) {
    beside = other == null ? beside : other.after(beside);
  }

  /** What was seen, all in all; null if nothing was. */
  public synchronized @Nullable ResourceUse use() {
    return use == null ? beside : use.after(beside);
  }
}
