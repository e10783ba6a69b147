package dev.pipewright.spawner.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells from outside how much disk folders take, as {@code du} counts it: holes are free, and a
 * file with several names counts once. How often depends on how long it takes, so that looking
 * costs at most a twentieth of a processor. Confined to one thread at a time.
 */
public final class DiskUse {
  private static final Logger LOG = LoggerFactory.getLogger(DiskUse.class);
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
  private static final int IDLE_FACTOR = 20;
  private static final int KIB = 1024;
  private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(50);

  /** Not at once: there is nothing yet, and the start of a run has better use for the time. */
  private long next = System.nanoTime() + SHORTEST;

  private long took;

  /** True if it is time to look again. */
  public boolean isDue() {
    return System.nanoTime() - next >= 0;
  }

  /** True if a look costs little, so that one more does no harm. */
  public boolean isQuick() {
    return took <= QUICK;
  }

  /** Where use is asked, timing it for {@link #isDue}. */
  public interface Look {
    OptionalLong bytes() throws InterruptedException;
  }

  /** Looks, and plans the next look. */
  public OptionalLong look(Look look) throws InterruptedException {
    long begin = System.nanoTime();
    try {
      return look.bytes();
    } finally {
      long end = System.nanoTime();
      took = end - begin;
      next = end + Math.clamp((end - begin) * IDLE_FACTOR, SHORTEST, LONGEST);
    }
  }

  /** The bytes that folders take together; unknown if they cannot be read. */
  public static OptionalLong of(List<Path> folders) throws InterruptedException {
    List<String> line = new ArrayList<>(List.of("du", "-skx", "--"));
    for (Path folder : folders) {
      if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
        return OptionalLong.empty();
      }
      line.add(folder.toString());
    }
    if (folders.isEmpty()) {
      return OptionalLong.of(0);
    }
    try {
      Process process =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return OptionalLong.of(sum(text));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException | NumberFormatException e) {
      LOG.atDebug().setCause(e).log("Use of disk is unknown");
      return OptionalLong.empty();
    }
  }

  private static long sum(String text) {
    return text.lines().mapToLong(line -> Long.parseLong(line.split("\t", 2)[0])).sum() * KIB;
  }
}
