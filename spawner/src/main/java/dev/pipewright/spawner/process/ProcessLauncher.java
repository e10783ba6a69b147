package dev.pipewright.spawner.process;

import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every engine as a child process of this machine, in a session of its own. It does <b>not</b>
 * isolate: pipeline code can do whatever the user of the server can, and use all memory, processors
 * and processes there are. Only for machines where all pipeline code is trusted.
 */
public final class ProcessLauncher implements Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);
  private static final Duration START_DEADLINE = Duration.ofSeconds(10);
  private static final Duration CUT_OFF = Duration.ofSeconds(2);
  private static final Duration AFTER_KILL = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 15;

  private final ProcessLauncherConfig config;
  private final EngineCommand engine;
  private final WorkspaceFolders workspaces;
  private final LimitWatch limits;
  private final Sides sides = new NoSides();

  /** Held while a unit begins and while workspaces are swept, so that no sweep meets a new unit. */
  private final ReentrantLock turn = new ReentrantLock();

  /** The units whose leader this object saw alive, so that its session is surely still theirs. */
  private final Set<UnitId> seenAlive = ConcurrentHashMap.newKeySet();

  public ProcessLauncher(ProcessLauncherConfig config) {
    this.config = config;
    this.engine = new EngineCommand(config);
    this.workspaces = new WorkspaceFolders(config.data());
    this.limits = new LimitWatch(config.limits());
    LOG.atWarn()
        .log(
            "Runs are started as processes of this machine and are not isolated: only time, disk"
                + " and the engine's own output are limited");
  }

  @Override
  public String name() {
    return "process";
  }

  @Override
  public boolean needsImage() {
    return false;
  }

  @Override
  public Launched launch(LaunchRequest request) {
    UnitFolder folder = folder(request.unit());
    turn.lock();
    try {
      Optional<Launched> present = folder.unit();
      if (present.isPresent() && folder.started().isPresent()) {
        return present.get();
      }
      endEarlier(request);
      return begin(request, folder);
    } finally {
      turn.unlock();
    }
  }

  private void endEarlier(LaunchRequest request) {
    for (Launched other : list()) {
      if (!other.run().equals(request.run()) || other.unit().equals(request.unit())) {
        continue;
      }
      if (other.fence() > request.fence()) {
        throw new LaunchException(
            "A later launch of %s is there.".formatted(request.run()), false, null);
      }
      LOG.atInfo().addKeyValue("unit", other.unit()).log("Unit of an earlier launch is ended");
      UnitFolder folder = folder(other.unit());
      alive(other, folder);
      if (!kill(other, folder)) {
        throw new LaunchException(
            "Processes of an earlier launch of %s do not end.".formatted(request.run()),
            true,
            null);
      }
      removeQuietly(folder.path());
      seenAlive.remove(other.unit());
    }
  }

  private Launched begin(LaunchRequest request, UnitFolder folder) {
    Launched unit = request.launched();
    boolean fresh = false;
    try {
      fresh = workspaces.make(request.workspace());
      folder.create(unit);
      engine.start(request, folder, workspaces.of(unit.workspace()));
      awaitStart(folder);
      seenAlive.add(unit.unit());
      return unit;
    } catch (IOException e) {
      kill(unit, folder);
      removeQuietly(folder.path());
      if (fresh) {
        removeQuietly(request.workspace());
      }
      throw new LaunchException(
          "Could not start a process for %s: %s".formatted(request.run(), e.getMessage()),
          false,
          e);
    }
  }

  private static void awaitStart(UnitFolder folder) throws IOException {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    try {
      while (folder.started().isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the process did not begin within " + START_DEADLINE);
        }
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it was being started", e);
    }
  }

  @Override
  public List<Launched> list() {
    List<Launched> found = new ArrayList<>();
    Path units = config.data().resolve("units");
    if (!Files.isDirectory(units)) {
      return found;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(units, "pw-*")) {
      for (Path path : folders) {
        new UnitFolder(path).unit().ifPresent(found::add);
      }
    } catch (IOException e) {
      throw new LaunchException("Could not list " + units + ": " + e.getMessage(), true, e);
    }
    return found;
  }

  @Override
  public Optional<Launched> find(UnitId unit) {
    return folder(unit).unit();
  }

  @Override
  public UnitEnd await(Launched unit) throws InterruptedException {
    UnitFolder folder = folder(unit.unit());
    if (folder.unit().isPresent() && !hasBegun(folder)) {
      kill(unit, folder);
      return new UnitEnd(
          LaunchEnd.Kind.START_FAILED, null, "The process was to be started, but never began.");
    }
    alive(unit, folder);
    Thread watch = limits.follow(folder, workspaces.of(unit.workspace()), () -> kill(unit, folder));
    try {
      while (folder.exitCode().isEmpty() && alive(unit, folder)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } finally {
      watch.interrupt();
    }
    kill(unit, folder);
    awaitGone(unit, folder, AFTER_KILL);
    return judge(folder);
  }

  @Override
  public @Nullable ResourceUse used(Launched unit) {
    return limits.used(folder(unit.unit()));
  }

  private static UnitEnd judge(UnitFolder folder) {
    Optional<Integer> code = folder.exitCode();
    Optional<Limits.Breach> breach = folder.breach();
    if (breach.isPresent()) {
      return UnitEnd.of(breach.get(), code.orElse(null));
    }
    if (folder.wasStopped()) {
      return new UnitEnd(
          LaunchEnd.Kind.STOPPED, code.orElse(null), "The process was ended by Pipewright.");
    }
    return code.map(known -> UnitEnd.exited("process", known))
        .orElseGet(
            () ->
                new UnitEnd(
                    LaunchEnd.Kind.LOST,
                    null,
                    "The process is gone without an exit code: it was killed, or the machine was"
                        + " restarted."));
  }

  /** False if a launch was cut off before its process began; one on its way is waited for. */
  private static boolean hasBegun(UnitFolder folder) throws InterruptedException {
    long deadline = System.nanoTime() + CUT_OFF.toNanos();
    while (folder.started().isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return folder.started().isPresent();
  }

  @Override
  public void stop(Launched unit, Duration grace) {
    end(unit, grace, null);
  }

  @Override
  public void stop(Launched unit, Duration grace, Limits.Breach why) {
    end(unit, grace, why);
  }

  private void end(Launched unit, Duration grace, Limits.@Nullable Breach why) {
    UnitFolder folder = folder(unit.unit());
    Optional<ProcessTable.Entry> leader = folder.started();
    if (leader.isEmpty() || folder.exitCode().isPresent() || !alive(unit, folder)) {
      return;
    }
    try {
      if (why == null) {
        folder.markStopped();
      } else {
        folder.mark(why);
      }
      if (!grace.isZero()) {
        engine.askToEnd(leader.get().session());
        awaitEnd(unit, folder, grace);
      }
      kill(unit, folder);
      awaitGone(unit, folder, AFTER_KILL);
    } catch (IOException e) {
      kill(unit, folder);
    } catch (InterruptedException e) {
      kill(unit, folder);
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String tail(Launched unit, int bytes) {
    return folder(unit.unit()).tail(bytes);
  }

  @Override
  public byte[] logs(Launched unit, long offset, int most) {
    return folder(unit.unit()).output(offset, most);
  }

  @Override
  public void release(Launched unit, boolean keepWorkspace) {
    UnitFolder folder = folder(unit.unit());
    alive(unit, folder);
    kill(unit, folder);
    removeQuietly(folder.path());
    seenAlive.remove(unit.unit());
    limits.forget(folder);
    if (!keepWorkspace) {
      removeQuietly(new Workspace(unit.workspace(), unit.run(), 0));
    }
  }

  @Override
  public List<Workspace> workspaces() {
    try {
      return workspaces.list();
    } catch (IOException e) {
      throw new LaunchException("Could not list the workspaces: " + e.getMessage(), true, e);
    }
  }

  @Override
  public boolean remove(Workspace workspace) {
    try {
      turn.lock();
      try {
        if (list().stream().anyMatch(unit -> unit.workspace().equals(workspace.name()))) {
          return false;
        }
        workspaces.discard(workspace.name());
      } finally {
        turn.unlock();
      }
      workspaces.empty();
      return true;
    } catch (IOException e) {
      throw new LaunchException("Could not remove a workspace: " + e.getMessage(), true, e);
    }
  }

  private void removeQuietly(Workspace workspace) {
    try {
      remove(workspace);
    } catch (LaunchException e) {
      LOG.atWarn().addKeyValue("workspace", workspace).setCause(e).log("Workspace was not removed");
    }
  }

  @Override
  public OptionalLong freeBytes() {
    return workspaces.freeBytes();
  }

  @Override
  public Sides sides() {
    return sides;
  }

  @Override
  public void close() {
    seenAlive.clear();
  }

  private boolean alive(Launched unit, UnitFolder folder) {
    Optional<ProcessTable.Entry> leader = folder.started();
    boolean alive =
        leader.isPresent()
            && ProcessTable.entry(leader.get().pid())
                .filter(now -> now.started() == leader.get().started())
                .isPresent();
    if (alive) {
      seenAlive.add(unit.unit());
    }
    return alive;
  }

  private void awaitEnd(Launched unit, UnitFolder folder, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (folder.exitCode().isEmpty() && alive(unit, folder) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private void awaitGone(Launched unit, UnitFolder folder, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (alive(unit, folder) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  /** Kills what is left of a unit; true if nothing is. */
  private boolean kill(Launched unit, UnitFolder folder) {
    turn.lock();
    try {
      long session =
          seenAlive.contains(unit.unit())
              ? folder.started().map(ProcessTable.Entry::session).orElse(0L)
              : 0L;
      boolean succeeded =
          list().stream()
              .anyMatch(other -> other.run().equals(unit.run()) && other.fence() > unit.fence());
      return Leftovers.kill(unit, succeeded ? null : workspaces.of(unit.workspace()), session);
    } finally {
      turn.unlock();
    }
  }

  private UnitFolder folder(UnitId unit) {
    return new UnitFolder(config.data().resolve("units").resolve(unit.value()).toAbsolutePath());
  }

  private static void removeQuietly(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("Could not remove folder");
    }
  }
}
