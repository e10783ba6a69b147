package dev.pipewright.state.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.state.store.BlobStore;
import dev.pipewright.state.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as pieces, {@code sha256:...|0003}, and a head that is written last: a blob without a head
 * does not exist.
 */
final class MongoBlobs implements BlobStore {
  private static final int PIECE = 1024 * 1024;

  private final MongoCollection<Document> documents;

  MongoBlobs(MongoCollection<Document> documents) {
    this.documents = documents;
  }

  @Override
  public boolean put(BlobDigest digest, InputStream content) throws IOException {
    MessageDigest sha256 = BlobDigest.sha256();
    try {
      if (head(digest) != null) {
        content.transferTo(new java.security.DigestOutputStream(discard(), sha256));
        return BlobDigest.of(sha256).equals(digest);
      }
      String incoming = "incoming:" + java.util.UUID.randomUUID();
      int pieces = 0;
      long size = 0;
      for (byte[] piece = content.readNBytes(PIECE);
          piece.length > 0;
          piece = content.readNBytes(PIECE)) {
        sha256.update(piece);
        size += piece.length;
        write(new Document("_id", id(incoming, pieces)).append("bytes", new Binary(piece)));
        pieces++;
      }
      boolean right = BlobDigest.of(sha256).equals(digest);
      if (right) {
        write(
            new Document("_id", digest.value())
                .append("pieces", pieces)
                .append("size", size)
                .append("prefix", incoming));
      } else {
        for (int i = 0; i < pieces; i++) {
          documents.deleteOne(Filters.eq("_id", id(incoming, i)));
        }
      }
      return right;
    } catch (MongoException e) {
      throw new StoreException("Could not store the blob %s: %s".formatted(digest, e), e);
    }
  }

  /** The head goes first: what is left by a crash has no head and does not exist. */
  @Override
  public void remove(BlobDigest digest) {
    try {
      Document head = head(digest);
      if (head == null) {
        return;
      }
      documents.deleteOne(Filters.eq("_id", digest.value()));
      int pieces = head.get("pieces", Number.class).intValue();
      for (int i = 0; i < pieces; i++) {
        documents.deleteOne(Filters.eq("_id", id(head.getString("prefix"), i)));
      }
    } catch (MongoException e) {
      throw new StoreException("Could not remove the blob %s: %s".formatted(digest, e), e);
    }
  }

  @Override
  public Optional<Long> size(BlobDigest digest) {
    return Optional.ofNullable(head(digest))
        .map(head -> head.get("size", Number.class).longValue());
  }

  @Override
  public Optional<InputStream> open(BlobDigest digest) {
    Document head = head(digest);
    if (head == null) {
      return Optional.empty();
    }
    int pieces = head.get("pieces", Number.class).intValue();
    return Optional.of(new Pieces(head.getString("prefix"), pieces));
  }

  private final class Pieces extends InputStream {
    private final String prefix;
    private final int count;
    private int next;
    private ByteArrayInputStream piece = new ByteArrayInputStream(new byte[0]);

    private Pieces(String prefix, int count) {
      this.prefix = prefix;
      this.count = count;
    }

    private boolean isFilled() {
      while (piece.available() == 0 && next < count) {
        Document found = documents.find(Filters.eq("_id", id(prefix, next))).first();
        if (found == null) {
          throw new StoreException("A piece of a blob is missing: " + id(prefix, next) + ".");
        }
        piece = new ByteArrayInputStream(found.get("bytes", Binary.class).getData());
        next++;
      }
      return piece.available() > 0;
    }

    @Override
    public int read() {
      return isFilled() ? piece.read() : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      return isFilled() ? piece.read(into, offset, length) : -1;
    }
  }

  private @Nullable Document head(BlobDigest digest) {
    return documents.find(Filters.eq("_id", digest.value())).first();
  }

  private void write(Document document) {
    documents.replaceOne(
        Filters.eq("_id", document.get("_id")), document, new ReplaceOptions().upsert(true));
  }

  private static java.io.OutputStream discard() {
    return java.io.OutputStream.nullOutputStream();
  }

  private static String id(String prefix, int number) {
    return "%s|%04d".formatted(prefix, number);
  }
}
