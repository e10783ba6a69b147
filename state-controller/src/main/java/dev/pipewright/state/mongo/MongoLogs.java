package dev.pipewright.state.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.state.store.LogGapException;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import dev.pipewright.state.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.types.Binary;

/**
 * Logs as pieces of equal size, {@code shop#42|verify/lint|000007}, and one head per step that
 * holds the end. A piece is written before the head, so what the head says is there. The times of
 * its bytes are in each piece.
 */
final class MongoLogs implements LogStore {
  private static final int PIECE = 64 * 1024;
  private static final int STRIPES = 64;
  private static final String BYTES = "bytes";
  private static final String END = "end";
  private static final String TIMES = "times";
  private static final String NOTED = "noted";
  private static final String OFFSET = "offset";
  private static final String AT = "at";
  private static final long LAST_PIECE = 999_999;

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
      put(id(head, piece), content);
      from += count;
      at += count;
    }
    if (at > end) {
      documents.replaceOne(
          Filters.eq("_id", head),
          new Document("_id", head).append(END, at),
          new ReplaceOptions().upsert(true));
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
      put(id(head, piece), content);
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
  public void note(LogKey log, LogTime time) {
    String head = head(log);
    Document noted = new Document(OFFSET, time.offset()).append(AT, time.at().toEpochMilli());
    Long unused =
        guarded(
            head,
            () ->
                documents
                    .updateOne(
                        Filters.and(
                            Filters.eq("_id", id(head, time.offset() / PIECE)),
                            Filters.not(Filters.gte(NOTED, time.offset()))),
                        Updates.combine(
                            Updates.push(TIMES, noted), Updates.set(NOTED, time.offset())))
                    .getModifiedCount());
  }

  @Override
  public List<LogTime> times(LogKey log, long from, int limit) {
    String head = head(log);
    return guarded(
        head,
        () -> {
          List<LogTime> found = new ArrayList<>();
          for (Document piece :
              timed(head, firstTimed(head, from / PIECE), LAST_PIECE)
                  .sort(Sorts.ascending("_id"))) {
            for (Document noted : piece.getList(TIMES, Document.class)) {
              LogTime time = time(noted);
              if (time.offset() <= from) {
                found.clear();
              } else if (found.size() == limit) {
                return found;
              }
              found.add(time);
            }
          }
          return found;
        });
  }

  /** The number of a piece in which the time that holds for a byte of that piece is looked for. */
  private long firstTimed(String head, long piece) {
    long first = 0;
    for (Document found : timed(head, 0, piece).sort(Sorts.descending("_id")).limit(2)) {
      String id = found.getString("_id");
      first = Long.parseLong(id.substring(id.lastIndexOf('|') + 1));
    }
    return first;
  }

  /** Pieces with times. */
  private FindIterable<Document> timed(String head, long first, long last) {
    return documents
        .find(
            Filters.and(
                Filters.gte("_id", id(head, first)),
                Filters.lte("_id", id(head, last)),
                Filters.exists(TIMES)))
        .projection(Projections.include(TIMES));
  }

  private static LogTime time(Document noted) {
    return new LogTime(
        noted.get(OFFSET, Number.class).longValue(),
        Instant.ofEpochMilli(noted.get(AT, Number.class).longValue()));
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
    Document found =
        documents
            .find(Filters.eq("_id", id(head, number)))
            .projection(Projections.include(BYTES))
            .first();
    return found == null ? new byte[0] : found.get(BYTES, Binary.class).getData();
  }

  /** Stores the bytes of a piece; the times in it stay. */
  private void put(String id, byte[] content) {
    documents.updateOne(
        Filters.eq("_id", id),
        Updates.set(BYTES, new Binary(content)),
        new UpdateOptions().upsert(true));
  }

  /** No name has a control character, so the head of one step is never a piece of another. */
  private static String head(LogKey log) {
    String step = log.step().value().replace('|', '\u0001');
    return log.run().pipeline() + "#" + log.number() + "|" + step;
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
