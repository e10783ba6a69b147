package dev.pipewright.spawner.process;

import dev.pipewright.spawner.launch.DiskUse;
import dev.pipewright.spawner.launch.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds units to their limits of disk and output, which is all that can be held of processes from
 * outside. Writes down which limit was passed before the unit is killed for it.
 */
final class LimitWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);
  private static final long LOOK_MILLIS = 100;

  private final Limits limits;

  LimitWatch(Limits limits) {
    this.limits = limits;
  }

  /** Watches a unit in a thread of its own until that is interrupted. */
  Thread follow(UnitFolder unit, Path workspace, Runnable kill) {
    return Thread.ofVirtual().name("limits").start(() -> look(unit, workspace, kill));
  }

  private void look(UnitFolder unit, Path workspace, Runnable kill) {
    DiskUse disk = new DiskUse();
    try {
      while (true) {
        Limits.Breach breach = judge(unit, workspace, disk);
        if (unit.exitCode().isPresent() || unit.breach().isPresent()) {
          return;
        }
        if (breach != null) {
          LOG.atWarn().addKeyValue("unit", unit.path().getFileName()).log(breach.reason());
          unit.mark(breach);
          kill.run();
          return;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("A unit is over its limit, but that could not be written down");
      kill.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Limits.@Nullable Breach judge(UnitFolder unit, Path workspace, DiskUse disk)
      throws InterruptedException {
    if (unit.outputBytes() > limits.outputBytes()) {
      return limits.ofOutput();
    }
    if (disk.isDue()) {
      OptionalLong bytes = disk.look(() -> DiskUse.of(List.of(workspace)));
      if (bytes.isPresent() && bytes.getAsLong() > limits.diskBytes()) {
        return limits.ofDisk(bytes.getAsLong());
      }
    }
    return null;
  }
}
