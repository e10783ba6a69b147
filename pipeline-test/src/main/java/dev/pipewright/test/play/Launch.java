package dev.pipewright.test.play;

import dev.pipewright.engine.PipelineRun;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.Selection;
import dev.pipewright.engine.execute.Surroundings;
import dev.pipewright.engine.git.Repositories;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.secret.KnownSecrets;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.step.Outputs;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.MachineWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One engine, from its start until the run is over, or waits, or the engine is lost. */
final class Launch {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final World world;
  private final Scenario scenario;
  private final Planned planned;
  private final Path workspace;
  private final int number;
  private final Life life = new Life();
  private final Activity activity = new Activity();
  private final MemoryReporter reporter;
  private final Waits waits;

  Launch(World world, Scenario scenario, Planned planned, Path workspace, int number) {
    this.world = world;
    this.scenario = scenario;
    this.planned = planned;
    this.workspace = workspace;
    this.number = number;
    this.reporter = new MemoryReporter(world, life, number);
    this.waits = new Waits(activity, world.time(), reporter, PATIENCE);
  }

  Life life() {
    return life;
  }

  Waits waits() {
    return waits;
  }

  /**
   * Runs.
   *
   * @return how it ended; null if the engine was lost
   */
  PipelineRun.@Nullable End run(Opening opening) {
    waits.answered(world.begin(this));
    AtomicReference<PipelineRun.@Nullable End> end = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    AtomicReference<@Nullable String> stuck = new AtomicReference<>();
    Runnable whenStuck =
        () -> {
          stuck.set("Nothing will ever happen again, and nothing that takes so long has a limit");
          life.lose();
        };
    try (VirtualTime.Ticking _ = world.time().tick(activity, whenStuck)) {
      Thread engine =
          Thread.ofVirtual()
              .name("engine ", number)
              .start(
                  () -> {
                    try {
                      end.set(PipelineRun.run(planned, opening, context(), life.cancellation()));
                    } catch (RuntimeException | Error e) {
                      thrown.set(e);
                    }
                  });
      await(engine, stuck);
    }
    if (stuck.get() != null) {
      throw new AssertionError(stuck.get() + ": " + Unfinished.of(world.ledger()) + ".");
    }
    switch (thrown.get()) {
      case null -> {}
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("The engine failed: " + e, e);
    }
    return life.isLost() ? null : end.get();
  }

  /** Waits for the engine; one that does nothing for too long is given up. */
  private void await(Thread engine, AtomicReference<@Nullable String> stuck) {
    try {
      int before = -1;
      while (!engine.join(scenario.patience)) {
        int now = world.ledger().entries().size();
        if (now == before) {
          stuck.set(
              "Nothing has happened for %d s. Java code that waits for something outside must be scripted with step(...)"
                  .formatted(scenario.patience.toSeconds()));
          life.lose();
          return;
        }
        before = now;
      }
    } catch (InterruptedException e) {
      life.lose();
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  private RunContext context() {
    Scene scene = new Scene(world, scenario, life, number, planned, workspace);
    Facts facts =
        new Facts(
            planned.pipeline().name(),
            scenario.number,
            scenario.commit,
            scenario.ref,
            "test",
            scenario.parameters,
            new Outputs());
    Guarded guarded = new Guarded(world, life, scene);
    Surroundings surroundings =
        Surroundings.alone()
            .withSecrets(new KnownSecrets(scenario.secrets, "Give it with secret(name, value)."))
            .withLocks(guarded.locks())
            .withDownstreams(guarded.downstreams())
            .withSides(new MemorySides());
    Repositories repositories =
        (wish, commands, log) -> {
          scene.bring(wish);
          log.line("[" + wish.url() + "]");
        };
    return new RunContext(
        facts,
        ScriptedCommands.of(scene),
        new ScriptedWork(scene, scenario, new MachineWork((commands, environment, log) -> {})),
        repositories,
        reporter,
        Selection.ALL,
        life.abort(),
        world.time(),
        activity,
        waits,
        History.NONE,
        new Mask(),
        surroundings);
  }
}
