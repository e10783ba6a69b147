package dev.pipewright.test.play;

import dev.pipewright.engine.git.CheckoutException;
import dev.pipewright.engine.git.Repositories;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.TaskCall;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the tasks of one engine play, and who prompts them. Thread-safe. */
final class Scene {
  private static final Acts NOBODY = new Acts(List.of(), null);

  private final World world;
  private final Scenario scenario;
  private final Life life;
  private final int launch;
  private final Path workspace;
  private final Map<String, Integer> places = new HashMap<>();

  Scene(World world, Scenario scenario, Life life, int launch, Planned planned, Path workspace) {
    this.world = world;
    this.scenario = scenario;
    this.life = life;
    this.launch = launch;
    this.workspace = workspace;
    for (PlannedStep step : planned.steps()) {
      step.visit(each -> places.put(each.key(), places.size()));
    }
  }

  Path workspace() {
    return workspace;
  }

  Life life() {
    return life;
  }

  /** Lets tasks begin one after the other; false if there is no use in beginning any more. */
  boolean awaitTurn(TaskCall call) {
    try {
      return world.time().pause(Duration.ZERO, rank(call.step().key()), call.cancellation())
          && !life.isLost();
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Lets locks be asked for one after the other; {@code key} names the wish. */
  void awaitTurn(String key) throws InterruptedException {
    if (!world.time().pause(Duration.ZERO, rank(key), life.abort())) {
      throw new InterruptedException("The engine is lost.");
    }
  }

  /** The turn of a task that begins, counted from 0. */
  int begin(StepPath step) {
    world.performs(launch, step);
    return world.turns().begin(step);
  }

  /**
   * The turn of code that gives steps, counted from 0; it has the same one when it is asked again.
   */
  int expand(StepPath step) {
    return world.turns().begin(step);
  }

  /** The work of a task is done. */
  void performed(StepPath step, Outcome outcome) {
    if (life.isLost()) {
      return;
    }
    world.performed(step, outcome);
    if (world.crashesIn(step)) {
      life.lose();
    }
  }

  /** What a command does that a task runs now. */
  Act command(String text, Map<String, String> environment, TaskCall call)
      throws InterruptedException {
    if (life.isLost()) {
      throw new InterruptedException("The engine is lost.");
    }
    StepPath step = path(call);
    world.ledger().add(new Ledger.Command(step, text, environment));
    String script = scenario.scriptOf(text);
    if (script == null) {
      return Act.NOTHING;
    }
    Acts acts = scenario.commands.getOrDefault(script, NOBODY);
    Act act = acts.at(world.turns().call(script, step));
    return act == null ? Act.NOTHING : act;
  }

  /** Another repository is brought, which is a command in a script, such as {@code fetch URL}. */
  void bring(Repositories.Wish wish) throws CheckoutException {
    String text = "fetch " + wish.url();
    String script = scenario.scriptOf(text);
    Act act =
        script == null
            ? null
            : scenario.commands.getOrDefault(script, NOBODY).at(world.turns().fetch(script));
    try {
      Files.createDirectories(wish.folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (act != null) {
      write(act, wish.folder());
      if (act.end() != Act.End.EXITS || act.exitCode() != 0) {
        throw new CheckoutException(
            act.reason().isEmpty() ? "exit code " + act.exitCode() : act.reason());
      }
    }
  }

  /** Lets a task or a command take its time. */
  void pause(Act act, TaskCall call) throws InterruptedException {
    boolean ever = act.end() == Act.End.HANGS;
    if (!world
        .time()
        .pause(ever ? null : act.length(), rank(call.step().key()), call.cancellation())) {
      throw new InterruptedException("cancelled");
    }
  }

  /** At the same instant, what stands first in the pipeline goes on first. */
  private String rank(String key) {
    String known = key;
    while (!places.containsKey(known) && known.indexOf('/') > 0) {
      known = known.substring(0, known.lastIndexOf('/'));
    }
    return "%06d %s".formatted(places.getOrDefault(known, places.size()), key);
  }

  /** Writes the files of an act. */
  void write(Act act, Path folder) {
    act.files().forEach((name, content) -> write(folder, name, content));
  }

  static void write(Path folder, String name, String content) {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new AssertionError("'" + name + "' is no file inside the workspace.");
    }
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StepPath path(TaskCall call) {
    StepPath path = call.step().path();
    if (path == null) {
      throw new IllegalStateException("A task has a name: " + call);
    }
    return path;
  }
}
