package dev.pipewright.engine.step;

import dev.pipewright.engine.log.ByteSink;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes in the workspace and sees to their end. Each runs in a session of its own where
 * {@code setsid} exists, with nothing on its standard input and with exactly the environment it is
 * given. Whatever it leaves behind when it ends is ended too. Thread-safe.
 */
public final class Commands {
  private static final long STRAGGLER_MILLIS = 1000;
  private static final File NOTHING = new File("/dev/null");

  private final Path workspace;
  private final ProcessConfig config;
  private final ExecutorService pumps;
  private final List<String> shell;
  private final @Nullable Path setsid;

  /**
   * Commands of one run.
   *
   * @param pumps runs what copies output; must never make a task wait for another one
   */
  public Commands(Path workspace, ProcessConfig config, ExecutorService pumps) {
    this.workspace = workspace;
    this.config = config;
    this.pumps = pumps;
    Path bash = config.find("bash");
    this.shell =
        bash == null ? List.of("sh", "-eu", "-c") : List.of("bash", "-euo", "pipefail", "-c");
    this.setsid = config.find("setsid");
  }

  /** The directory commands run in. */
  public Path workspace() {
    return workspace;
  }

  /** How processes are started and ended. */
  public ProcessConfig config() {
    return config;
  }

  /** True if there is a program of that name on the search path. */
  public boolean has(String program) {
    return config.find(program) != null;
  }

  /** The command line that gives {@code command} to the shell, with positional parameters. */
  public List<String> shell(String command, List<String> args) {
    List<String> line = new ArrayList<>(shell);
    line.add(args.isEmpty() ? command : command + " \"$@\"");
    if (!args.isEmpty()) {
      line.add("pipewright");
      line.addAll(args);
    }
    return line;
  }

  /**
   * Runs a command to its end.
   *
   * @param command the program and its arguments
   * @param environment all variables it gets
   * @param out takes its output
   * @param err takes its error output; null to have both in {@code out}, in order
   * @return its exit code, 128 + the signal if a signal ended it
   * @throws CommandException if it cannot be started
   * @throws InterruptedException if the calling thread is interrupted; the processes have then been
   *     ended
   */
  public int run(
      List<String> command, Map<String, String> environment, ByteSink out, @Nullable ByteSink err)
      throws CommandException, InterruptedException {
    String cookie = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Process process = start(command, environment, cookie, err == null);
    Processes all = new Processes(process, cookie, setsid != null);
    List<OutputCopy> copies = new ArrayList<>();
    copies.add(OutputCopy.start(process.getInputStream(), out, pumps));
    if (err != null) {
      copies.add(OutputCopy.start(process.getErrorStream(), err, pumps));
    }
    try {
      int exitCode = process.waitFor();
      awaitOutput(copies);
      all.killRemaining();
      for (OutputCopy copy : copies) {
        copy.awaitAll(STRAGGLER_MILLIS);
      }
      return exitCode;
    } catch (InterruptedException e) {
      all.end(config.grace());
      awaitOutputQuietly(copies);
      throw e;
    }
  }

  private Process start(
      List<String> command, Map<String, String> environment, String cookie, boolean merged)
      throws CommandException {
    ProcessBuilder builder = new ProcessBuilder(line(command));
    builder.directory(workspace.toFile());
    builder.redirectInput(NOTHING);
    builder.redirectErrorStream(merged);
    Map<String, String> variables = builder.environment();
    variables.clear();
    variables.putAll(environment);
    variables.put("PIPEWRIGHT_STEP_COOKIE", cookie);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CommandException(
          "Could not start '%s': %s".formatted(command.getFirst(), e.getMessage()));
    }
  }

  private List<String> line(List<String> command) throws CommandException {
    if (!Files.isDirectory(workspace)) {
      throw new CommandException("The workspace " + workspace + " is gone.");
    }
    List<String> line = new ArrayList<>();
    if (setsid != null) {
      line.add(setsid.toString());
    }
    line.add(program(command.getFirst()).toString());
    line.addAll(command.subList(1, command.size()));
    return line;
  }

  private Path program(String name) throws CommandException {
    Path found = name.indexOf('/') >= 0 ? workspace.resolve(name) : config.find(name);
    if (found == null) {
      throw new CommandException(
          "There is no program '%s' on the PATH %s.".formatted(name, config.path()));
    }
    if (!Files.isRegularFile(found)) {
      throw new CommandException("There is no program '" + name + "'.");
    }
    if (!Files.isExecutable(found)) {
      throw new CommandException("'" + name + "' is not executable.");
    }
    return found;
  }

  /** Waits for the end of the output, but not for long: somebody may hold it open. */
  private static void awaitOutput(List<OutputCopy> copies) throws InterruptedException {
    for (OutputCopy copy : copies) {
      if (!copy.await(STRAGGLER_MILLIS)) {
        return;
      }
    }
  }

  private static void awaitOutputQuietly(List<OutputCopy> copies) {
    try {
      awaitOutput(copies);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
