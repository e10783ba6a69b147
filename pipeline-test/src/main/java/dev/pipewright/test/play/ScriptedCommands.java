package dev.pipewright.test.play;

import dev.pipewright.engine.log.ByteSink;
import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.engine.work.TaskCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs no process: commands do what was written for them. Thread-safe. */
final class ScriptedCommands implements Commands {
  private static final ProcessConfig CONFIG =
      new ProcessConfig("/usr/bin:/bin", "/home/test", Duration.ofSeconds(1));

  private final Scene scene;
  private final Path folder;
  private final @Nullable TaskCall call;

  private ScriptedCommands(Scene scene, Path folder, @Nullable TaskCall call) {
    this.scene = scene;
    this.folder = folder;
    this.call = call;
  }

  /** The commands of a run, which no task uses as they are. */
  static ScriptedCommands of(Scene scene) {
    return new ScriptedCommands(scene, scene.workspace(), null);
  }

  /** The commands of one task. */
  static ScriptedCommands of(Scene scene, TaskCall call) {
    return new ScriptedCommands(scene, call.commands().folder(), call);
  }

  @Override
  public Path workspace() {
    return scene.workspace();
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Commands in(Path other) {
    return new ScriptedCommands(scene, other, call);
  }

  @Override
  public ProcessConfig config() {
    return CONFIG;
  }

  @Override
  public boolean has(String program) {
    return true;
  }

  @Override
  public int run(
      Command command, Map<String, String> environment, ByteSink out, @Nullable ByteSink err)
      throws CommandException, InterruptedException {
    if (call == null) {
      throw new IllegalStateException("A command runs outside of a task: " + text(command));
    }
    Act act = scene.command(text(command), environment, call);
    scene.pause(act, call);
    scene.write(act, folder);
    print(act.text(), out);
    return switch (act.end()) {
      case EXITS -> act.exitCode();
      case FAILS -> {
        print(act.reason() + "\n", err == null ? out : err);
        yield act.exitCode();
      }
      case ERRORS -> throw new CommandException(act.reason());
      case HANGS -> throw new InterruptedException("ended");
    };
  }

  private static void print(String text, ByteSink sink) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sink.write(bytes, 0, bytes.length);
  }

  /** A command as it is written in a script: its words, separated by blanks. */
  static String text(Command command) {
    return switch (command) {
      case Command.Shell(String text, List<String> args) -> {
        List<String> words = new ArrayList<>();
        words.add(text);
        words.addAll(args);
        yield String.join(" ", words);
      }
      case Command.Program(List<String> line) -> String.join(" ", line);
    };
  }
}
