package dev.pipewright.ui.wall;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the settings of the wall. It is read again whenever it changed; a file that cannot
 * be read is reported as a problem while the last good settings stay in use. Without a file there
 * are defaults. Thread-safe; reading blocks.
 *
 * <p>Its members are those of {@link WallSettings}, and {@code feeds} and {@code views}; everything
 * may be left out. docs/wall.md shows a whole file.
 */
public final class WallFile {
  private static final Logger LOG = LoggerFactory.getLogger(WallFile.class);
  private static final long SIZE_LIMIT = 64 * 1024;

  private final Path file;
  private WallPlan lastGood = WallPlan.defaults();
  private @Nullable String problem;
  private @Nullable Stamp seen;

  public WallFile(Path file) {
    this.file = file;
  }

  /** What the file says, and what is wrong with it, if anything is. */
  public record Current(WallPlan plan, @Nullable String problem) {}

  /** Identifies one version of the file without reading it. */
  private record Stamp(FileTime modified, long size) {}

  /** The plan as the file says now. */
  public synchronized Current current() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      Stamp stamp = new Stamp(found.lastModifiedTime(), found.size());
      if (!stamp.equals(seen)) {
        reload(stamp);
        seen = stamp;
      }
    } catch (NoSuchFileException e) {
      lastGood = WallPlan.defaults();
      problem = null;
      seen = null;
    } catch (IOException e) {
      report("it cannot be opened (" + e.getClass().getSimpleName() + ").");
      seen = null;
    }
    return new Current(lastGood, problem);
  }

  private void reload(Stamp stamp) throws IOException {
    if (stamp.size() > SIZE_LIMIT) {
      report("it is larger than 64 KiB.");
      return;
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      lastGood = Json.read(bytes, WallPlan.Written.class).plan();
      problem = null;
      LOG.atInfo().addKeyValue("file", file).log("Wall settings read");
    } catch (ProtocolException e) {
      report(e.getMessage());
    }
  }

  private void report(@Nullable String why) {
    problem =
        "Could not read "
            + file.getFileName()
            + ": "
            + why
            + " The settings before it stay in use; the file is read again when it changes.";
    LOG.atWarn().addKeyValue("file", file).addKeyValue("why", why).log("Wall settings refused");
  }
}
