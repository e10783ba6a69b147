package dev.pipewright.state.mongo;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.cursor.TimeoutMode;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.StoreException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * A shelf as a collection of {@code {_id, revision, body}}. The body is JSON text, so that names
 * chosen by users never become field names. Every access goes by {@code _id}.
 */
final class MongoShelf<T> implements Shelf<T> {
  private static final String ID = "_id";
  private static final String REVISION = "revision";
  private static final String BODY = "body";
  private static final int MOST_PER_QUERY = 500;

  /**
   * Records are up to a hundred kilobytes: all of them at once would swell the memory at a start.
   */
  private static final int MOST_PER_BATCH = 50;

  private final MongoCollection<Document> documents;
  private final Class<T> type;

  private final @Nullable IdLocks alone;

  /**
   * A shelf of these documents.
   *
   * @param alone the locks of a database that no other process writes to; null for one that others
   *     may use
   */
  MongoShelf(MongoCollection<Document> documents, Class<T> type, @Nullable IdLocks alone) {
    this.documents = documents;
    this.type = type;
    this.alone = alone;
  }

  @Override
  public boolean insert(String id, T value) {
    return guarded(
        id,
        () -> {
          try {
            documents.insertOne(document(id, 1, value));
            return true;
          } catch (MongoWriteException e) {
            if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public void put(String id, T value) {
    locked(
        id,
        () ->
            documents.replaceOne(
                Filters.eq(ID, id), document(id, 1, value), new ReplaceOptions().upsert(true)));
  }

  @Override
  public boolean replace(String id, long revision, T value) {
    Document next = document(id, revision + 1, value);
    return locked(
        id,
        () ->
            alone == null
                ? documents.replaceOne(at(id, revision), next).getMatchedCount() == 1
                : isAt(id, revision)
                    && documents.replaceOne(Filters.eq(ID, id), next).getMatchedCount() == 1);
  }

  private static Bson at(String id, long revision) {
    return Filters.and(Filters.eq(ID, id), Filters.eq(REVISION, revision));
  }

  /** The embedded database finds by its id alone, and looks through everything for more. */
  private boolean isAt(String id, long revision) {
    Document found =
        documents.find(Filters.eq(ID, id)).projection(Projections.include(REVISION)).first();
    return found != null && found.get(REVISION, Number.class).longValue() == revision;
  }

  @Override
  public Optional<Held<T>> find(String id) {
    return guarded(
        id, () -> Optional.ofNullable(documents.find(Filters.eq(ID, id)).first()).map(this::held));
  }

  @Override
  public Map<String, T> findAll(Collection<String> ids) {
    Map<String, T> found = new HashMap<>();
    List<String> wanted = List.copyOf(ids);
    for (int from = 0; from < wanted.size(); from += MOST_PER_QUERY) {
      List<String> some = wanted.subList(from, Math.min(wanted.size(), from + MOST_PER_QUERY));
      guarded(
          some.getFirst(),
          () -> {
            try (MongoCursor<Document> cursor = documents.find(Filters.in(ID, some)).iterator()) {
              cursor.forEachRemaining(
                  document -> found.put(document.getString(ID), held(document).value()));
            }
            return found;
          });
    }
    return found;
  }

  @Override
  public void remove(List<String> ids) {
    for (String id : ids) {
      locked(id, () -> documents.deleteOne(Filters.eq(ID, id)));
    }
  }

  @Override
  public void forEach(BiConsumer<String, T> visitor) {
    guarded(
        "everything",
        () -> {
          try (MongoCursor<Document> cursor =
              documents
                  .find()
                  .batchSize(MOST_PER_BATCH)
                  .timeoutMode(TimeoutMode.ITERATION)
                  .iterator()) {
            cursor.forEachRemaining(
                document -> visitor.accept(document.getString(ID), held(document).value()));
          }
          return visitor;
        });
  }

  private static Document document(String id, long revision, Object value) {
    return new Document(ID, id).append(REVISION, revision).append(BODY, Json.text(value));
  }

  private Held<T> held(Document document) {
    long revision = document.get(REVISION, Number.class).longValue();
    return new Held<>(Json.read(document.getString(BODY), type), revision);
  }

  /** A write that must not come between the looking and the writing of another one. */
  private <R> R locked(String id, Supplier<R> write) {
    if (alone == null) {
      return guarded(id, write);
    }
    synchronized (alone.of(documents.getNamespace().getCollectionName(), id)) {
      return guarded(id, write);
    }
  }

  private <R> R guarded(String id, Supplier<R> access) {
    try {
      return access.get();
    } catch (MongoException e) {
      throw new StoreException(
          "Could not reach %s in %s: %s"
              .formatted(id, documents.getNamespace().getCollectionName(), e.getMessage()),
          e);
    }
  }
}
