package dev.pipewright.test.play;

import dev.pipewright.engine.PipelineRun;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.history.Takeover;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.event.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays a run to its end: an engine after the other, as each of them is lost or leaves the run
 * waiting, on the real engine with a clock that jumps.
 */
public final class Play {
  private static final int MOST = 500;
  private static final Duration RESTART = Duration.ofSeconds(1);

  private final Scenario scenario;
  private final Planned planned;
  private final World world;
  private final Path workspace;
  private int launches;

  private Play(Scenario scenario, Planned planned, Path workspace) {
    this.scenario = scenario;
    this.planned = planned;
    this.workspace = workspace;
    this.world = new World(scenario, planned);
  }

  /**
   * What came of it.
   *
   * @param planned what was run
   * @param ledger what happened
   * @param over how it ended; null if it waits for ever
   * @param waits what it waits for
   * @param began when it began
   * @param ended when it ended, or began to wait
   * @param launches how many engines there were
   * @param missed losses of engines that did not come about
   * @param holdsLocks whether the run still holds a lock
   */
  public record Played(
      Planned planned,
      Ledger ledger,
      RunEvent.@Nullable RunFinished over,
      List<RunEvent.StepWaiting> waits,
      Instant began,
      Instant ended,
      int launches,
      List<Crash> missed,
      boolean holdsLocks) {
    public Played {
      waits = List.copyOf(waits);
      missed = List.copyOf(missed);
    }
  }

  /** Reads the pipeline of a scenario. */
  public static Planned read(Scenario scenario) {
    return PlanReader.read(scenario.pipeline, scenario.pipeline.getClass().getName());
  }

  /**
   * Plays.
   *
   * @throws dev.pipewright.engine.plan.DefinitionException if the pipeline is wrong
   * @throws AssertionError if the run would never end
   */
  public static Played run(Scenario scenario) {
    Planned planned = read(scenario);
    try {
      Path folder = Files.createTempDirectory("pipewright-test-").toRealPath();
      try {
        return new Play(scenario, planned, folder).run();
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Played run() throws IOException {
    Instant began = world.time().now();
    fill();
    while (true) {
      History history = History.of(world.ledger().history());
      if (history.over() != null) {
        return played(began, history);
      }
      if (launches == MOST) {
        throw new AssertionError(
            "%d engines did not bring the run to its end: %s."
                .formatted(MOST, Unfinished.of(world.ledger())));
      }
      launches++;
      Launch launch = new Launch(world, scenario, planned, workspace, launches);
      boolean workspaceLost = world.takeLoss();
      if (workspaceLost) {
        Folders.delete(workspace);
        Files.createDirectories(workspace);
        fill();
      }
      PipelineRun.End end = launch.run(opening(history, workspaceLost));
      if (end == null) {
        world.time().skip(RESTART);
      } else if (end instanceof PipelineRun.Waiting && !goesOn()) {
        return played(began, History.of(world.ledger().history()));
      }
    }
  }

  private Opening opening(History history, boolean workspaceLost) {
    if (history.attempt() == 0) {
      return Opening.first(PipelineRun.VERSION);
    }
    if (!workspaceLost) {
      return Opening.resumed(PipelineRun.VERSION, history);
    }
    RunEvent.RunStarted again =
        new RunEvent.RunStarted(
            PipelineRun.VERSION, history.attempt() + 1, null, "the workspace was lost");
    return Opening.again(again, Takeover.afterLoss(planned, history).events(), world.time().now());
  }

  /** Lets time pass until there is something new for the run; false if there never will be. */
  private boolean goesOn() {
    int known = world.news();
    while (world.news() == known) {
      if (!world.time().jump()) {
        return false;
      }
    }
    return true;
  }

  private Played played(Instant began, History history) {
    return new Played(
        planned,
        world.ledger(),
        history.over(),
        history.over() == null ? history.waits() : List.of(),
        began,
        world.time().now(),
        launches,
        world.missedCrashes(),
        !world.locks().isIdle());
  }

  private void fill() {
    scenario.files.forEach((name, content) -> Scene.write(workspace, name, content));
  }
}
