package dev.pipewright.spawner.process;

import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.spawner.launch.DiskUse;
import dev.pipewright.spawner.launch.Footprint;
import dev.pipewright.spawner.launch.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Limits limits;
  private final Map<Path, Seen> seen = new ConcurrentHashMap<>();

  /** What was seen of a unit. */
  private record Seen(Path workspace, DiskUse disk, Footprint footprint) {}

  LimitWatch(Limits limits) {
    this.limits = limits;
  }

  /** Watches a unit in a thread of its own until that is interrupted. */
  Thread follow(UnitFolder unit, Path workspace, Runnable kill) {
    return Thread.ofVirtual().name("limits").start(() -> look(unit, workspace, kill));
  }

  private void look(UnitFolder unit, Path workspace, Runnable kill) {
    Seen known =
        seen.computeIfAbsent(
            unit.path(), any -> new Seen(workspace, new DiskUse(), new Footprint()));
    try {
      if (unit.breach().isPresent()) {
        // The server that wrote this down was killed before it had ended the unit.
        kill.run();
        return;
      }
      while (true) {
        Limits.Breach breach = judge(unit, known);
        if (unit.exitCode().isPresent() || unit.breach().isPresent()) {
          return;
        }
        if (breach != null) {
          LOG.atWarn().addKeyValue("unit", unit.path().getFileName()).log(breach.reason());
          unit.mark(breach);
          kill.run();
          return;
        }
        measureUntilNextLook(unit, known);
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("A unit is over its limit, but that could not be written down");
      kill.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void measureUntilNextLook(UnitFolder unit, Seen known)
      throws InterruptedException {
    long gap = known.footprint.nanosToNext();
    TimeUnit.NANOSECONDS.sleep(Math.min(gap, LOOK_NANOS));
    if (gap <= LOOK_NANOS) {
      unit.started()
          .map(ProcessTable.Entry::session)
          .map(ProcessTable::residentBytes)
          .ifPresent(known.footprint::memory);
    }
  }

  /**
   * What was seen of an ended unit; null if nothing was. Looks at its disk once more where that is
   * quick.
   */
  @Nullable ResourceUse used(UnitFolder unit) {
    Seen known = seen.get(unit.path());
    if (known == null) {
      return null;
    }
    known.footprint.cpuMillis(unit.cpuMillis());
    try {
      if (known.disk.isQuick()) {
        known.footprint.disk(known.disk.look(() -> DiskUse.of(List.of(known.workspace))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return known.footprint.use();
  }

  void forget(UnitFolder unit) {
    seen.remove(unit.path());
  }

  private Limits.@Nullable Breach judge(UnitFolder unit, Seen known) throws InterruptedException {
    if (unit.outputBytes() > limits.outputBytes()) {
      return limits.ofOutput();
    }
    if (known.disk.isDue()) {
      OptionalLong bytes = known.disk.look(() -> DiskUse.of(List.of(known.workspace)));
      known.footprint.disk(bytes);
      if (bytes.isPresent() && bytes.getAsLong() > limits.diskBytes()) {
        return limits.ofDisk(bytes.getAsLong());
      }
    }
    return null;
  }
}
