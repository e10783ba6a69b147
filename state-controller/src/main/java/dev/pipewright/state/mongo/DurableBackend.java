package dev.pipewright.state.mongo;

import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.h2.mvstore.MVStore;

/**
 * The embedded backend with two weaknesses mended. As it comes it answers before it commits, and
 * the last second of acknowledged writes dies with the process: here a write is committed before it
 * is answered, and writes of several connections that come together share one commit. And as it
 * comes, an answer holds the stored documents themselves and is written out later, when others may
 * have changed them: here an answer is a copy, made while nothing else happens. What is read stays
 * in the file for as long: a housekeeper moves data about in there, and keeps no old version by
 * itself.
 */
final class DurableBackend extends H2Backend {
  private static final Set<String> READS =
      Set.of("find", "getMore", "ping", "isMaster", "ismaster", "hello", "buildInfo", "count");

  private final MVStore store;
  private final Object dataLock = new Object();
  private final Object commitLock = new Object();
  private final Object countLock = new Object();
  private long written;
  private long committed;

  DurableBackend(MVStore store) {
    super(store);
    this.store = store;
  }

  @Override
  public Document handleMessage(MongoMessage message) {
    Document answer;
    synchronized (dataLock) {
      MVStore.TxCounter reading = store.registerVersionUsage();
      try {
        answer = super.handleMessage(message).cloneDeeply();
      } finally {
        store.deregisterVersionUsage(reading);
      }
    }
    Set<String> members = message.getDocument().keySet();
    if (members.isEmpty() || !READS.contains(members.iterator().next())) {
      commitThis();
    }
    return answer;
  }

  /**
   * Copies the database into {@code target} as it stands now: all that was answered is in it, and
   * nothing half. Others wait only until it has begun. Returns the mark of the copy.
   */
  String copyTo(Path target) throws IOException {
    try (DatabaseCopy copy = beginCopy()) {
      return copy.writeTo(target);
    }
  }

  private DatabaseCopy beginCopy() {
    synchronized (dataLock) {
      synchronized (commitLock) {
        return DatabaseCopy.begin(store);
      }
    }
  }

  private void commitThis() {
    long mine;
    synchronized (countLock) {
      written++;
      mine = written;
    }
    synchronized (commitLock) {
      if (committed >= mine) {
        return;
      }
      long all;
      synchronized (countLock) {
        all = written;
      }
      store.commit();
      committed = all;
    }
  }
}
