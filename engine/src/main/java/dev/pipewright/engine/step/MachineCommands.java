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
public final class MachineCommands implements Commands {
  private static final long STRAGGLER_MILLIS = 1000;
  private static final File NOTHING = new File("/dev/null");

  private final Path workspace;
  private final Path folder;
  private final ProcessConfig config;
  private final ExecutorService pumps;
  private final List<String> shell;
  private final @Nullable Path setsid;
  private final OutOfMemory memory;

  /**
   * Commands of one run, in its workspace.
   *
   * @param pumps runs what copies output; must never make a task wait for another one
   */
  public MachineCommands(Path workspace, ProcessConfig config, ExecutorService pumps) {
    this.workspace = workspace;
    this.folder = workspace;
    this.config = config;
    this.pumps = pumps;
    Path bash = config.find("bash");
    this.shell =
        bash == null ? List.of("sh", "-eu", "-c") : List.of("bash", "-euo", "pipefail", "-c");
    this.setsid = config.find("setsid");
    this.memory = new OutOfMemory();
  }

  private MachineCommands(MachineCommands other, Path folder) {
    this.workspace = other.workspace;
    this.folder = folder;
    this.config = other.config;
    this.pumps = other.pumps;
    this.shell = other.shell;
    this.setsid = other.setsid;
    this.memory = other.memory;
  }

  @Override
  public Path workspace() {
    return workspace;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Commands in(Path other) {
    return new MachineCommands(this, other);
  }

  @Override
  public ProcessConfig config() {
    return config;
  }

  @Override
  public boolean has(String program) {
    return config.find(program) != null;
  }

  /** The program and its arguments. */
  private List<String> words(Command command) {
    return switch (command) {
      case Command.Program(var line) -> line;
      case Command.Shell(var text, var args) -> {
        List<String> line = new ArrayList<>(shell);
        line.add(args.isEmpty() ? text : text + " \"$@\"");
        if (!args.isEmpty()) {
          line.add("pipewright");
          line.addAll(args);
        }
        yield line;
      }
    };
  }

  @Override
  public int run(
      Command command, Map<String, String> environment, ByteSink out, @Nullable ByteSink err)
      throws CommandException, InterruptedException {
    String cookie = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Process process = start(words(command), environment, cookie, err == null);
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
      memory.check(exitCode);
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
    builder.directory(folder.toFile());
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
    if (!Files.isDirectory(folder)) {
      throw new CommandException("The folder " + folder + " is gone.");
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
    Path found = name.indexOf('/') >= 0 ? folder.resolve(name) : config.find(name);
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
