package dev.pipewright.engine.step;

import dev.pipewright.engine.log.ByteSink;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who runs commands. On a machine that is {@link MachineCommands}; a test scripts them.
 * Thread-safe.
 */
public interface Commands {

  /** The directory the run works in. */
  Path workspace();

  /** The directory these commands run in: the workspace, or a folder in it. */
  Path folder();

  /** The same commands in another folder. */
  Commands in(Path folder);

  /** How processes are started and ended. */
  ProcessConfig config();

  /** True if there is a program of that name on the search path. */
  boolean has(String program);

  /**
   * Runs a command to its end.
   *
   * @param environment all variables it gets
   * @param out takes its output
   * @param err takes its error output; null to have both in {@code out}, in order
   * @return its exit code, 128 + the signal if a signal ended it
   * @throws CommandException if it cannot be started
   * @throws InterruptedException if the calling thread is interrupted; the processes have then been
   *     ended
   */
  int run(Command command, Map<String, String> environment, ByteSink out, @Nullable ByteSink err)
      throws CommandException, InterruptedException;
}
