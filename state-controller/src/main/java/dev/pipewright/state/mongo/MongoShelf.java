package dev.pipewright.state.mongo;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.cursor.TimeoutMode;
import com.mongodb.client.model.Filters;
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

  MongoShelf(MongoCollection<Document> documents, Class<T> type) {
    this.documents = documents;
    this.type = type;
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
    guarded(
        id,
        () ->
            documents.replaceOne(
                Filters.eq(ID, id), document(id, 1, value), new ReplaceOptions().upsert(true)));
  }

  @Override
  public boolean replace(String id, long revision, T value) {
    return guarded(
        id,
        () ->
            documents
                    .replaceOne(
                        Filters.and(Filters.eq(ID, id), Filters.eq(REVISION, revision)),
                        document(id, revision + 1, value))
                    .getMatchedCount()
                == 1);
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
      guarded(id, () -> documents.deleteOne(Filters.eq(ID, id)));
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
