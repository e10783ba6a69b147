package dev.pipewright.state;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * The changes that deliveries have brought lately. One that is forgotten is looked up once more and
 * gives the same run. Thread-safe.
 */
final class BroughtChanges {
  private static final int MOST = 20_000;

  private final SequencedSet<String> known = new LinkedHashSet<>();

  /** Takes what a delivery has brought; of one that was given up, it takes that back. */
  synchronized void add(DeliveryRecord record) {
    if (record.receipt().verdict() == Verdict.REJECTED) {
      return;
    }
    boolean givenUp = record.wasGivenUp();
    for (RefChange change : record.receipt().changes()) {
      if (change.commit() != null) {
        String key = key(record.source(), change.ref(), change.commit().value());
        boolean unused = givenUp ? known.remove(key) : known.add(key);
      }
    }
    while (known.size() > MOST) {
      String unused = known.removeFirst();
    }
  }

  synchronized boolean contains(SourceName source, String ref, String commit) {
    return known.contains(key(source, ref, commit));
  }

  private static String key(SourceName source, String ref, String commit) {
    return source + "|" + ref + "|" + commit;
  }
}
