package dev.pipewright.engine.local;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The right of one process to work on a local run. As long as it is held, nobody else works on the
 * run; once it is had, whatever an engine before this one has left running is a leftover.
 */
public final class LocalClaim implements AutoCloseable {
  private final FileChannel channel;

  private LocalClaim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Claims a run.
   *
   * @throws IOException if another process works on it; the message says so
   */
  static LocalClaim of(LocalFolder place) throws IOException {
    FileChannel channel =
        FileChannel.open(
            place.folder().resolve("claim.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IOException(
          "run %d is still being worked on by another process".formatted(place.number()));
    }
    return new LocalClaim(channel);
  }

  /**
   * Kills the commands of a run whose engine is gone. They are known by the variables every command
   * of the run has.
   */
  public void endLeftovers(String run, Path workspace) {
    File[] processes = new File("/proc").listFiles((_, name) -> name.matches("[0-9]+"));
    if (processes == null) {
      return;
    }
    Set<Long> mine = new TreeSet<>();
    for (Optional<ProcessHandle> each = Optional.of(ProcessHandle.current());
        each.isPresent();
        each = each.get().parent()) {
      mine.add(each.get().pid());
    }
    for (File process : processes) {
      long pid = Long.parseLong(process.getName());
      if (!mine.contains(pid) && belongs(process.toPath(), run, workspace)) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static boolean belongs(Path process, String run, Path workspace) {
    try {
      String environment =
          "\0" + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.UTF_8);
      return environment.contains("\0PIPEWRIGHT_RUN=" + run + "\0")
          && environment.contains("\0PIPEWRIGHT_WORKSPACE=" + workspace + "\0");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
