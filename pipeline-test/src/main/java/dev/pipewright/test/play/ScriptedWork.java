package dev.pipewright.test.play;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.engine.work.TaskCall;
import dev.pipewright.engine.work.Work;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Performs tasks as they were written for the test; what nobody has written is done for real, with
 * commands that are no processes. Thread-safe.
 */
final class ScriptedWork implements Work {
  private final Scene scene;
  private final Scenario scenario;
  private final Work real;

  ScriptedWork(Scene scene, Scenario scenario, Work real) {
    this.scene = scene;
    this.scenario = scenario;
    this.real = real;
  }

  @Override
  public Done perform(TaskCall call) {
    StepPath step = Scene.path(call);
    if (!scene.awaitTurn(call)) {
      return cut(call);
    }
    int turn = scene.begin(step);
    Done done = act(turn, call);
    if (done.ending().outcome() != Outcome.CANCELLED) {
      scene.performed(step, done.ending().outcome());
    }
    return done;
  }

  private Done act(int turn, TaskCall call) {
    Act act = scripted(turn, call);
    if (act != null) {
      return play(act, call);
    }
    boolean command = call.step().node().word() instanceof Word.Shell;
    command |= call.step().node().word() instanceof Word.Exec;
    if (!command) {
      Done cut = usual(call);
      if (cut != null) {
        return cut;
      }
    }
    return real.perform(call.with(ScriptedCommands.of(scene, call)));
  }

  @Override
  public Expanded expand(TaskCall call) {
    if (!scene.awaitTurn(call)) {
      return new Expanded(cut(call), List.of());
    }
    Act act = scripted(scene.expand(Scene.path(call)), call);
    if (act != null) {
      return new Expanded(play(act, call), List.of());
    }
    Done cut = usual(call);
    return cut != null
        ? new Expanded(cut, List.of())
        : real.expand(call.with(ScriptedCommands.of(scene, call)));
  }

  /** Takes as long as anything takes; an ending if it was cancelled meanwhile. */
  private @Nullable Done usual(TaskCall call) {
    try {
      scene.pause(Act.NOTHING, call);
      return null;
    } catch (InterruptedException e) {
      return cut(call);
    }
  }

  private @Nullable Act scripted(int turn, TaskCall call) {
    Acts acts = scenario.steps.get(Scene.path(call).value());
    return acts == null ? null : acts.at(turn);
  }

  private Done play(Act act, TaskCall call) {
    try {
      scene.pause(act, call);
    } catch (InterruptedException e) {
      return cut(call);
    }
    scene.write(act, call.commands().folder());
    if (!act.text().isEmpty()) {
      byte[] text = act.text().getBytes(StandardCharsets.UTF_8);
      call.log().write(text, 0, text.length);
    }
    call.facts().outputs().restore(act.outputs());
    return new Done(ending(act), act.outputs());
  }

  private static Ending ending(Act act) {
    return switch (act.end()) {
      case EXITS ->
          act.exitCode() == 0 ? Ending.SUCCEEDED : Ending.failed("exit code " + act.exitCode());
      case FAILS -> Ending.failed(act.reason());
      case ERRORS -> Ending.errored(act.reason());
      case HANGS -> Ending.cancelled("ended");
    };
  }

  private static Done cut(TaskCall call) {
    return new Done(Ending.cancelled(call.cancellation().reason()));
  }
}
