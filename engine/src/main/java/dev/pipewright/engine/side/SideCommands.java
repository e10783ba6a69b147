package dev.pipewright.engine.side;

import dev.pipewright.engine.log.ByteSink;
import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands in a container of another image, one container for each, on the same workspace.
 * Where there are no containers, the image is passed over and said so in the log. Thread-safe.
 */
public final class SideCommands implements Commands {
  private static final long STRAGGLER_MILLIS = 1000;
  private static final long LAST_WORD_MILLIS = 500;
  private static final long EXIT_CODE_MILLIS = 10_000;
  private static final long VERDICT_MILLIS = 4000;
  private static final int KILLED = 137;
  private static final String OUT_OF_MEMORY = "ran out of memory";

  private final Commands own;
  private final Sides sides;
  private final String image;
  private final Map<String, String> declared;
  private final Consumer<String> log;

  /**
   * Commands in containers of {@code image}.
   *
   * @param own the commands of the engine's own container
   * @param declared the variables the pipeline declares; only these may replace the search path and
   *     the home of the image
   */
  public SideCommands(
      Commands own, Sides sides, String image, Map<String, String> declared, Consumer<String> log) {
    this.own = own;
    this.sides = sides;
    this.image = image;
    this.declared = Map.copyOf(declared);
    this.log = log;
  }

  @Override
  public Path workspace() {
    return own.workspace();
  }

  @Override
  public Path folder() {
    return own.folder();
  }

  @Override
  public Commands in(Path folder) {
    return new SideCommands(own.in(folder), sides, image, declared, log);
  }

  @Override
  public ProcessConfig config() {
    return own.config();
  }

  @Override
  public boolean has(String program) {
    return own.has(program);
  }

  @Override
  public int run(
      Command command, Map<String, String> environment, ByteSink out, @Nullable ByteSink err)
      throws CommandException, InterruptedException {
    Path folder = sides.folder().orElse(null);
    if (folder != null) {
      try (SidePipes pipes = SidePipes.in(folder)) {
        Integer code = run(command, environment, out, pipes);
        if (code != null) {
          return code;
        }
      } catch (IOException e) {
        throw new CommandException("Could not run in %s: %s".formatted(image, e.getMessage()));
      }
    }
    log.accept("[there are no containers here: the step runs without the image " + image + "]");
    return own.run(command, environment, out, err);
  }

  /** Runs in a container; null if there are none at all. */
  private @Nullable Integer run(
      Command command, Map<String, String> environment, ByteSink out, SidePipes pipes)
      throws IOException, CommandException, InterruptedException {
    Path script = pipes.script(SideScript.of(command, folder(), pipes.folder()));
    String key = pipes.folder().getFileName().toString();
    List<String> line = List.of("sh", script.toString());
    SideView first = sides.request(new SideWish(key, "", image, line));
    if (Sides.isWithoutContainers(first)) {
      return null;
    }
    try (SideWatch watch = SideWatch.start(sides, first)) {
      pipes.open(SideScript.environment(visible(environment)), out);
      Integer code = exitCode(pipes, watch);
      if (code != null) {
        pipes.awaitOutput(STRAGGLER_MILLIS);
      }
      return code;
    } catch (InterruptedException e) {
      terminate(pipes, first);
      throw e;
    } finally {
      end(key);
    }
  }

  /** Waits for the exit code; null if there are no containers at all. */
  private @Nullable Integer exitCode(SidePipes pipes, SideWatch watch)
      throws IOException, CommandException, InterruptedException {
    awaitFirst(pipes, watch, Long.MAX_VALUE);
    if (watch.over().isDone() && Sides.isWithoutContainers(watch.last())) {
      return null;
    }
    Integer code = null;
    try {
      if (watch.over().isDone()) {
        pipes.endExitCode();
      }
      code = pipes.exitCode().get(EXIT_CODE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("its exit code could not be read: " + e.getCause());
    } catch (TimeoutException e) {
      // Whoever should read it was never ready to: there is none.
    }
    if (code == null) {
      pipes.awaitOutput(LAST_WORD_MILLIS);
      throw new CommandException(
          "The container of %s is lost: %s".formatted(image, watch.over().join()));
    }
    if (code == KILLED) {
      checkMemory(pipes, watch);
    }
    return code;
  }

  /** Whether a killed command was killed for want of memory, only its container's end tells. */
  private void checkMemory(SidePipes pipes, SideWatch watch)
      throws CommandException, InterruptedException {
    String why;
    try {
      why = watch.over().get(VERDICT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return;
    }
    if (why.contains(OUT_OF_MEMORY)) {
      pipes.awaitOutput(LAST_WORD_MILLIS);
      throw new CommandException("The command in %s was killed. %s".formatted(image, why));
    }
  }

  /** Waits until the command or its container is over; false if it took longer. */
  private static boolean awaitFirst(SidePipes pipes, SideWatch watch, long millis)
      throws InterruptedException {
    try {
      CompletableFuture.anyOf(pipes.exitCode(), watch.over()).get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Ends everything in the container: politely, and after the grace for good. */
  private void terminate(SidePipes pipes, SideView first) {
    try (SideWatch watch = SideWatch.start(sides, first)) {
      pipes.signal("TERM");
      if (!awaitFirst(pipes, watch, config().grace().toMillis())) {
        pipes.signal("KILL");
      }
      pipes.awaitOutput(LAST_WORD_MILLIS);
    } catch (IOException e) {
      log.accept(
          "[the container of %s could not be told to end: %s]".formatted(image, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(String key) {
    try {
      sides.end(key);
    } catch (IOException e) {
      log.accept("[the container of %s ends with the run: %s]".formatted(image, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The variables without those that describe the engine's own container. */
  private Map<String, String> visible(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    for (String own : List.of("PATH", "HOME")) {
      if (!declared.containsKey(own)) {
        all.remove(own);
      }
    }
    return all;
  }
}
