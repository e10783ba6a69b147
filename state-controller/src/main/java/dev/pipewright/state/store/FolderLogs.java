package dev.pipewright.state.store;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Logs as one file per step in {@code <folder>/<pipeline>/<number>/}. */
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
  public long append(RunId run, StepPath step, long offset, byte[] bytes) {
    Path file = file(run, step);
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
        throw failed("store", run, step, e);
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
  public long length(RunId run, StepPath step) {
    try {
      return Files.size(file(run, step));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw failed("measure", run, step, e);
    }
  }

  @Override
  public byte[] read(RunId run, StepPath step, long offset, int limit) {
    try (FileChannel channel = FileChannel.open(file(run, step), StandardOpenOption.READ)) {
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
      throw failed("read", run, step, e);
    }
  }

  private Path file(RunId run, StepPath step) {
    return folder
        .resolve(FileNames.of(run.pipeline().value()))
        .resolve(Long.toString(run.number()))
        .resolve(FileNames.of(step.value()) + ".log");
  }

  private static StoreException failed(String verb, RunId run, StepPath step, IOException e) {
    return new StoreException(
        "Could not %s the output of %s in %s: %s.".formatted(verb, step, run, e.getMessage()), e);
  }
}
