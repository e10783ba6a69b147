package dev.pipewright.state.mongo;

import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SingleFileStore;

/**
 * A copy of the database file as it stood at one moment, made while others go on writing. Begun
 * while nothing is written: from then on no chunk is moved, and each new one goes behind the
 * newest, so what was in the file at that moment is not overwritten, needed or not. So the file is
 * copied up to there in any time it takes. A mark in the copy tells whether it is of that moment.
 */
final class DatabaseCopy implements AutoCloseable {
  private static final String MARKS = "backup";
  private static final String MARK = "mark";
  private static final int BLOCK = 4096;
  private static final int HEADER = 2 * BLOCK;
  private static final int PIECE = 1024 * 1024;

  private final MVStore store;
  private final String mark = UUID.randomUUID().toString();
  private ByteBuffer header = ByteBuffer.allocate(0);
  private long end;

  private DatabaseCopy(MVStore store) {
    this.store = store;
  }

  /** Begins a copy. The caller sees to it that nobody changes anything meanwhile. */
  static DatabaseCopy begin(MVStore store) {
    DatabaseCopy copy = new DatabaseCopy(store);
    try {
      copy.hold();
      return copy;
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  private void hold() {
    store.setReuseSpace(false);
    Map<String, String> marks = store.openMap(MARKS);
    marks.put(MARK, mark);
    store.commit();
    // The place of a chunk is known to the next one; later states do not have the mark.
    marks.put(MARK, "");
    store.commit();
    header = file().readFully(null, 0, HEADER);
    end = end(store.getLayoutMap());
  }

  /** Where the last chunk ends that the present one knows. */
  private static long end(Map<String, String> layout) {
    long blocks = 0;
    for (Map.Entry<String, String> entry : layout.entrySet()) {
      if (entry.getKey().startsWith("chunk.")) {
        Map<String, String> chunk = DataUtils.parseMap(entry.getValue());
        long block = DataUtils.readHexLong(chunk, "block", 0);
        blocks = Math.max(blocks, block + DataUtils.readHexLong(chunk, "len", 0));
      }
    }
    return blocks * BLOCK;
  }

  /**
   * The file through the store's own channel: to close another one of the same file would release
   * the lock that keeps other processes away.
   */
  private SingleFileStore file() {
    if (store.getFileStore() instanceof SingleFileStore file) {
      return file;
    }
    throw new StoreException("The database is in no file.");
  }

  /**
   * Writes the copy; returns the mark by which {@link #check} knows it.
   *
   * @throws IOException if {@code target} exists or cannot be written
   */
  String writeTo(Path target) throws IOException {
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      write(header.duplicate(), out);
      for (long at = HEADER; at < end; at += PIECE) {
        write(file().readFully(null, at, (int) Math.min(PIECE, end - at)), out);
      }
      out.force(true);
    }
    return mark;
  }

  private static void write(ByteBuffer bytes, FileChannel out) throws IOException {
    while (bytes.hasRemaining()) {
      int unused = out.write(bytes);
    }
  }

  /**
   * Looks whether a file is a whole copy of the moment with this mark.
   *
   * @throws StoreException if it is not
   */
  static void check(Path file, String mark) {
    try (MVStore copy =
        new MVStore.Builder().fileName(file.toAbsolutePath().toString()).readOnly().open()) {
      if (!copy.hasMap(MARKS) || !mark.equals(copy.openMap(MARKS).get(MARK))) {
        throw new StoreException("The copy of the database is of another moment.");
      }
    } catch (MVStoreException e) {
      throw new StoreException("The copy of the database cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Lets the store use its space again. */
  @Override
  public void close() {
    store.setReuseSpace(true);
  }
}
