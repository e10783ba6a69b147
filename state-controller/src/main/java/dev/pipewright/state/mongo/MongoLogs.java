package dev.pipewright.state.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import dev.pipewright.state.store.LogGapException;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.types.Binary;

/**
 * Logs as pieces of equal size, {@code shop#42|verify/lint|000007}, and one head per step that
 * holds the end. A piece is written before the head, so what the head says is there.
 */
final class MongoLogs implements LogStore {
  private static final int PIECE = 64 * 1024;
  private static final int STRIPES = 64;
  private static final String BYTES = "bytes";
  private static final String END = "end";

  private final MongoCollection<Document> documents;
  private final Object[] locks = new Object[STRIPES];

  MongoLogs(MongoCollection<Document> documents) {
    this.documents = documents;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new Object();
    }
  }

  @Override
  public long append(LogKey log, long offset, byte[] bytes) {
    String head = head(log);
    synchronized (locks[Math.floorMod(head.hashCode(), STRIPES)]) {
      return guarded(head, () -> appendLocked(head, offset, bytes));
    }
  }

  private long appendLocked(String head, long offset, byte[] bytes) {
    long end = end(head);
    if (offset > end) {
      throw new LogGapException(end);
    }
    int from = (int) Math.min(end - offset, bytes.length);
    long at = end;
    while (from < bytes.length) {
      long piece = at / PIECE;
      int inside = (int) (at % PIECE);
      int count = Math.min(PIECE - inside, bytes.length - from);
      byte[] content =
          Arrays.copyOf(inside == 0 ? new byte[0] : piece(head, piece), inside + count);
      System.arraycopy(bytes, from, content, inside, count);
      put(new Document("_id", id(head, piece)).append(BYTES, new Binary(content)));
      from += count;
      at += count;
    }
    if (at > end) {
      put(new Document("_id", head).append(END, at));
    }
    return at;
  }

  @Override
  public void overwrite(LogKey log, long offset, byte[] bytes) {
    String head = head(log);
    synchronized (locks[Math.floorMod(head.hashCode(), STRIPES)]) {
      Long unused =
          guarded(
              head,
              () -> {
                LogStore.within(offset, bytes.length, end(head));
                return overwriteLocked(head, offset, bytes);
              });
    }
  }

  private long overwriteLocked(String head, long offset, byte[] bytes) {
    int from = 0;
    long at = offset;
    while (from < bytes.length) {
      long piece = at / PIECE;
      int inside = (int) (at % PIECE);
      int count = Math.min(PIECE - inside, bytes.length - from);
      byte[] content = piece(head, piece);
      System.arraycopy(bytes, from, content, inside, count);
      put(new Document("_id", id(head, piece)).append(BYTES, new Binary(content)));
      from += count;
      at += count;
    }
    return at;
  }

  @Override
  public long length(LogKey log) {
    String head = head(log);
    return guarded(head, () -> end(head));
  }

  @Override
  public byte[] read(LogKey log, long offset, int limit) {
    String head = head(log);
    return guarded(
        head,
        () -> {
          long until = Math.min(end(head), offset + limit);
          ByteArrayOutputStream found = new ByteArrayOutputStream();
          for (long at = offset; at < until; at = (at / PIECE + 1) * PIECE) {
            byte[] piece = piece(head, at / PIECE);
            int inside = (int) (at % PIECE);
            int last = (int) Math.min(piece.length, until - at / PIECE * PIECE);
            found.write(piece, inside, Math.max(0, last - inside));
          }
          return found.toByteArray();
        });
  }

  @Override
  public void remove(LogKey log) {
    String head = head(log);
    synchronized (locks[Math.floorMod(head.hashCode(), STRIPES)]) {
      Long unused =
          guarded(
              head,
              () -> {
                long end = end(head);
                for (long at = 0; at < end; at += PIECE) {
                  documents.deleteOne(Filters.eq("_id", id(head, at / PIECE)));
                }
                return documents.deleteOne(Filters.eq("_id", head)).getDeletedCount();
              });
    }
  }

  private long end(String head) {
    Document found = documents.find(Filters.eq("_id", head)).first();
    return found == null ? 0 : found.get(END, Number.class).longValue();
  }

  private byte[] piece(String head, long number) {
    Document found = documents.find(Filters.eq("_id", id(head, number))).first();
    return found == null ? new byte[0] : found.get(BYTES, Binary.class).getData();
  }

  private void put(Document document) {
    documents.replaceOne(
        Filters.eq("_id", document.get("_id")), document, new ReplaceOptions().upsert(true));
  }

  private static String head(LogKey log) {
    return log.run().pipeline() + "#" + log.number() + "|" + log.step();
  }

  private static String id(String head, long number) {
    return "%s|%06d".formatted(head, number);
  }

  private static <R> R guarded(String head, Supplier<R> access) {
    try {
      return access.get();
    } catch (MongoException e) {
      throw new StoreException("Could not reach the log " + head + ": " + e.getMessage(), e);
    }
  }
}
