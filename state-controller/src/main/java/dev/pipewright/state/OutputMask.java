package dev.pipewright.state;

import dev.pipewright.state.mask.Mask;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Hides secrets in the output of the steps of one run, also those that are cut by the border of two
 * pieces: their beginning is stored already when their end comes, and is then covered where it is
 * stored. What may be the beginning of a secret is remembered as it came; after a restart the
 * stored bytes are taken instead. Thread-safe; one step has one writer at a time.
 */
final class OutputMask {
  private static final int MOST_READ = 256 * 1024;

  private record Tail(long end, byte[] raw) {}

  private final Mask mask;
  private final ConcurrentMap<LogKey, Tail> tails = new ConcurrentHashMap<>();

  OutputMask(Mask mask) {
    this.mask = mask;
  }

  /** Stores a piece of output without secrets; gives the new end. */
  long append(LogStore logs, LogKey log, long offset, byte[] bytes) {
    long end = logs.length(log);
    if (offset > end || end - offset >= bytes.length) {
      return logs.append(log, offset, bytes);
    }
    byte[] fresh = Arrays.copyOfRange(bytes, (int) (end - offset), bytes.length);
    byte[] before = before(logs, log, end);
    byte[] both = Arrays.copyOf(before, before.length + fresh.length);
    System.arraycopy(fresh, 0, both, before.length, fresh.length);
    byte[] open = Arrays.copyOfRange(both, mask.openFrom(both), both.length);
    if (mask.cover(both)) {
      coverStored(logs, log, end - before.length, Arrays.copyOf(both, before.length));
    }
    long now = logs.append(log, end, Arrays.copyOfRange(both, before.length, both.length));
    tails.put(log, new Tail(now, open));
    return now;
  }

  private byte[] before(LogStore logs, LogKey log, long end) {
    Tail tail = tails.get(log);
    if (tail != null && tail.end() == end) {
      return tail.raw();
    }
    int count = (int) Math.min(end, Math.min(mask.longest() - 1L, MOST_READ));
    return count == 0 ? new byte[0] : logs.read(log, end - count, count);
  }

  /** Only ever adds asterisks: what another secret has covered before stays covered. */
  private static void coverStored(LogStore logs, LogKey log, long from, byte[] masked) {
    if (masked.length == 0) {
      return;
    }
    byte[] there = logs.read(log, from, masked.length);
    byte[] covered = there.clone();
    for (int i = 0; i < covered.length; i++) {
      if (masked[i] == '*') {
        covered[i] = '*';
      }
    }
    if (!Arrays.equals(covered, there)) {
      logs.overwrite(log, from, covered);
    }
  }
}
