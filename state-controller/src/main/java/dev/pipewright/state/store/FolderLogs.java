package dev.pipewright.state.store;

import dev.pipewright.protocol.api.LogTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Logs as one file per step in {@code <folder>/<pipeline>/<number>/}, with its times in another one
 * beside it; a later attempt has {@code <number>.<attempt>/}.
 */
public final class FolderLogs implements LogStore {
  private static final int STRIPES = 64;

  private final Path folder;
  private final Object[] locks = new Object[STRIPES];

  /** Logs below {@code folder}, which is made when it is first needed. */
  public FolderLogs(Path folder) {
    this.folder = folder;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new Object();
    }
  }

  @Override
  public long append(LogKey log, long offset, byte[] bytes) {
    Path file = file(log);
    synchronized (locks[Math.floorMod(file.hashCode(), STRIPES)]) {
      try (FileChannel channel = forWriting(file)) {
        long end = channel.size();
        if (offset > end) {
          throw new LogGapException(end);
        }
        int known = (int) Math.min(end - offset, bytes.length);
        ByteBuffer rest = ByteBuffer.wrap(bytes, known, bytes.length - known);
        long at = end;
        while (rest.hasRemaining()) {
          at += channel.write(rest, at);
        }
        return at;
      } catch (IOException e) {
        throw failed("store", log, e);
      }
    }
  }

  @Override
  public void overwrite(LogKey log, long offset, byte[] bytes) {
    Path file = file(log);
    synchronized (locks[Math.floorMod(file.hashCode(), STRIPES)]) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        LogStore.within(offset, bytes.length, channel.size());
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        long at = offset;
        while (rest.hasRemaining()) {
          at += channel.write(rest, at);
        }
      } catch (NoSuchFileException e) {
        LogStore.within(offset, bytes.length, 0);
      } catch (IOException e) {
        throw failed("change", log, e);
      }
    }
  }

  private static FileChannel forWriting(Path file) throws IOException {
    try {
      return open(file);
    } catch (NoSuchFileException e) {
      Files.createDirectories(file.getParent());
      return open(file);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  @Override
  public long length(LogKey log) {
    try {
      return Files.size(file(log));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw failed("measure", log, e);
    }
  }

  @Override
  public byte[] read(LogKey log, long offset, int limit) {
    try (FileChannel channel = FileChannel.open(file(log), StandardOpenOption.READ)) {
      long available = Math.max(0, channel.size() - offset);
      ByteBuffer found = ByteBuffer.allocate((int) Math.min(available, limit));
      while (found.hasRemaining()) {
        if (channel.read(found, offset + found.position()) < 0) {
          break;
        }
      }
      return found.position() == found.capacity()
          ? found.array()
          : java.util.Arrays.copyOf(found.array(), found.position());
    } catch (NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw failed("read", log, e);
    }
  }

  @Override
  public void note(LogKey log, LogTime time) {
    Path file = file(log);
    synchronized (locks[Math.floorMod(file.hashCode(), STRIPES)]) {
      try {
        TimesFile.add(times(file), time);
      } catch (IOException e) {
        throw failed("store the times of", log, e);
      }
    }
  }

  @Override
  public List<LogTime> times(LogKey log, long from, int limit) {
    try {
      return TimesFile.read(times(file(log)), from, limit);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("read the times of", log, e);
    }
  }

  private static Path times(Path file) {
    return file.resolveSibling(file.getFileName() + ".times");
  }

  @Override
  public void remove(LogKey log) {
    Path file = file(log);
    synchronized (locks[Math.floorMod(file.hashCode(), STRIPES)]) {
      try {
        Files.deleteIfExists(times(file));
        if (Files.deleteIfExists(file)) {
          boolean unused = Files.deleteIfExists(file.getParent());
        }
      } catch (DirectoryNotEmptyException e) {
        // Other steps of the run have output, too.
      } catch (IOException e) {
        throw failed("remove", log, e);
      }
    }
  }

  private Path file(LogKey log) {
    return folder
        .resolve(FileNames.of(log.run().pipeline().value()))
        .resolve(log.number())
        .resolve(FileNames.of(log.step().value()) + ".log");
  }

  private static StoreException failed(String verb, LogKey log, IOException e) {
    return new StoreException(
        "Could not %s the output of %s: %s.".formatted(verb, log, e.getMessage()), e);
  }
}
