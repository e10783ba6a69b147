package dev.pipewright.state;

import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.List;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shape that stored records have, by number. A store of an older shape is brought to the
 * present one, a step at a time; the number is written after its step, and a step may be done
 * again, so one that was killed goes on at the next start.
 */
public final class Schema {
  /** The version this program reads and writes. */
  public static final int CURRENT = 2;

  private static final Logger log = LoggerFactory.getLogger(Schema.class);
  private static final String SHELF = "schema";
  private static final String ID = "version";

  /** Stores without a record of their version are of this one. */
  private static final int FIRST = 1;

  /**
   * What leads from version 1 to 2, from 2 to 3 and so on; each tells how many records it changed.
   */
  private static final List<ToLongFunction<Storage>> STEPS = List.of(SecondSchema::migrate);

  /** The version of a store. */
  record Version(int number) {}

  private Schema() {}

  /**
   * Brings the store to the present version.
   *
   * @throws SchemaException if it has a newer one; nothing was changed
   */
  static void migrate(Storage storage) {
    Shelf<Version> shelf = storage.shelf(SHELF, Version.class);
    int found = shelf.find(ID).map(held -> held.value().number()).orElse(FIRST);
    if (found > CURRENT) {
      throw new SchemaException(
          ("The store has version %d of its schema, and this program knows up to %d: a newer"
                  + " Pipewright has written it. Start that one again, or restore a backup from"
                  + " before into another folder.")
              .formatted(found, CURRENT));
    }
    for (int version = found; version < CURRENT; version++) {
      long changed = STEPS.get(version - FIRST).applyAsLong(storage);
      shelf.put(ID, new Version(version + 1));
      log.atInfo()
          .addKeyValue("from", version)
          .addKeyValue("to", version + 1)
          .addKeyValue("changed", changed)
          .log("Stored records have the next version of the schema");
    }
    log.atInfo().addKeyValue("schema", CURRENT).log("The store can be used");
  }
}
