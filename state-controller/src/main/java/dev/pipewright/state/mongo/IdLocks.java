package dev.pipewright.state.mongo;

import java.util.stream.Stream;

/** One of a few locks for each record of a database, always the same. Thread-safe. */
final class IdLocks {
  private static final int STRIPES = 256;

  private final Object[] stripes = Stream.generate(Object::new).limit(STRIPES).toArray();

  Object of(String collection, String id) {
    return stripes[Math.floorMod(31 * collection.hashCode() + id.hashCode(), STRIPES)];
  }
}
