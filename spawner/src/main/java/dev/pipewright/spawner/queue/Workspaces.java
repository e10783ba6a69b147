package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how long workspaces stay, and removes those that are not needed any more. It remembers
 * nothing: what there is says the launcher, and how the runs stand says the State-Controller, which
 * is asked before anything is removed. Thread-safe.
 */
final class Workspaces {
  private static final Logger LOG = LoggerFactory.getLogger(Workspaces.class);

  /** Beyond what was promised, as the clocks of two machines may differ. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final WorkspaceConfig config;
  private final WorkClient client;
  private final Launcher launcher;
  private final InstantSource clock;

  Workspaces(Watching watching) {
    this.config = watching.config().workspaces();
    this.client = watching.client();
    this.launcher = watching.launcher();
    this.clock = watching.clock();
  }

  /**
   * Until when the workspace of a run whose unit has ended stays if the run is finished or finishes
   * with that; null if nobody will want it. Waits for the State-Controller.
   */
  @Nullable Instant until(RunId run) throws InterruptedException {
    try {
      RunSnapshot known = Retries.untilAnswered("read run", () -> client.run(run));
      return isWantedNoMore(known) ? null : clock.instant().plus(config.keep());
    } catch (ApiException e) {
      LOG.atWarn().addKeyValue("run", run).setCause(e).log("State of the run is unknown");
      return clock.instant().plus(config.keep());
    }
  }

  private static boolean isWantedNoMore(RunSnapshot run) {
    return run.outcome() == Outcome.SUCCEEDED || run.outcome() == Outcome.SKIPPED;
  }

  /** Looks again and again until it is interrupted. */
  void sweepEverNow() {
    try {
      while (true) {
        Retries.pause(config.sweepEvery());
        try {
          sweep();
        } catch (RuntimeException e) {
          LOG.atWarn().setCause(e).log("Workspaces were not swept");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Kept(Workspace workspace, Instant since) {}

  /** Removes what is not needed any more; leaves everything of a run it cannot ask about. */
  void sweep() {
    Map<RunId, List<Workspace>> byRun = new HashMap<>();
    launcher
        .workspaces()
        .forEach(
            workspace ->
                byRun.computeIfAbsent(workspace.run(), run -> new ArrayList<>()).add(workspace));
    List<Kept> kept = new ArrayList<>();
    byRun.forEach((run, workspaces) -> kept.addAll(sweep(run, workspaces)));
    kept.sort(Comparator.comparing(Kept::since));
    makeRoom(new ArrayDeque<>(kept));
  }

  /** Removes what a run needs no more; the rest, if the run is finished. */
  private List<Kept> sweep(RunId run, List<Workspace> workspaces) {
    try {
      RunSnapshot known = client.run(run);
      Instant end = known.finishedAt();
      if (known.state() != Phase.FINISHED || end == null) {
        return List.of();
      }
      workspaces.sort(Comparator.comparingInt(Workspace::number));
      Workspace last = workspaces.removeLast();
      workspaces.forEach(this::remove);
      if (!isWantedNoMore(known)
          && clock.instant().isBefore(end.plus(config.keep()).plus(MARGIN))) {
        return List.of(new Kept(last, end));
      }
      remove(last);
    } catch (ApiException e) {
      if (e.is(Problem.Code.NOT_FOUND)) {
        workspaces.forEach(this::remove);
      } else {
        LOG.atWarn().addKeyValue("run", run).setCause(e).log("State of the run is unknown");
      }
    }
    return List.of();
  }

  private void makeRoom(Deque<Kept> oldestFirst) {
    while (oldestFirst.size() > config.most()) {
      remove(oldestFirst.removeFirst().workspace());
    }
    while (!oldestFirst.isEmpty() && isShort(launcher.freeBytes())) {
      Workspace oldest = oldestFirst.removeFirst().workspace();
      LOG.atWarn().addKeyValue("workspace", oldest.name()).log("Removed early, disk is short");
      remove(oldest);
    }
  }

  private boolean isShort(OptionalLong free) {
    return free.isPresent() && free.getAsLong() < config.minimumFree();
  }

  private void remove(Workspace workspace) {
    try {
      if (launcher.remove(workspace)) {
        LOG.atInfo().addKeyValue("workspace", workspace.name()).log("Workspace removed");
      } else {
        LOG.atDebug().addKeyValue("workspace", workspace.name()).log("Workspace is in use");
      }
    } catch (LaunchException e) {
      LOG.atWarn().addKeyValue("workspace", workspace).setCause(e).log("Workspace was not removed");
    }
  }
}
