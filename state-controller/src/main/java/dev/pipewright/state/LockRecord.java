package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LockView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A lock as it is kept: who holds it, and who waits, in the order in which they will get it. Its
 * changes are pure.
 */
public record LockRecord(String name, @Nullable Claim owner, List<Claim> waiting) {
  public LockRecord {
    waiting = List.copyOf(waiting);
  }

  /** A node of an attempt that holds or wants a lock; {@code grant} is 0 while it waits. */
  public record Claim(RunId run, int attempt, String key, Instant since, long grant) {
    boolean isOf(RunId wanted, int inAttempt, String node) {
      return run.equals(wanted) && attempt == inAttempt && key.equals(node);
    }

    private LockView.Claim view() {
      return new LockView.Claim(run, key, since, grant);
    }
  }

  /** True if nobody holds or wants it. */
  boolean isIdle() {
    return owner == null && waiting.isEmpty();
  }

  /** With one more at the end of the line. */
  LockRecord joined(Claim claim) {
    List<Claim> longer = new ArrayList<>(waiting);
    longer.add(claim);
    return new LockRecord(name, owner, longer);
  }

  /** Without the claims that are {@code gone}; then nobody may hold it. */
  LockRecord without(Predicate<Claim> gone) {
    Claim held = owner;
    return new LockRecord(
        name,
        held == null || gone.test(held) ? null : held,
        waiting.stream().filter(gone.negate()).toList());
  }

  /** Held by whoever is the next in the line; only if nobody holds it and somebody waits. */
  LockRecord passedOn(long grant, Instant now) {
    Claim next = waiting.getFirst();
    return new LockRecord(
        name,
        new Claim(next.run(), next.attempt(), next.key(), now, grant),
        waiting.subList(1, waiting.size()));
  }

  LockView view() {
    Claim held = owner;
    return new LockView(
        name, held == null ? null : held.view(), waiting.stream().map(Claim::view).toList());
  }
}
