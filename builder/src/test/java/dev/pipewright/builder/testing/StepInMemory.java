package dev.pipewright.builder.testing;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.RunFacts;
import dev.pipewright.dsl.ShellResult;
import dev.pipewright.dsl.StepContext;
import dev.pipewright.dsl.StepFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The context of a step that needs a workspace and a log only. */
public final class StepInMemory implements StepContext {
  private final Path workspace;
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Object> outputs = new HashMap<>();

  public StepInMemory(Path workspace) {
    this.workspace = workspace;
  }

  public List<String> lines() {
    return lines;
  }

  @Override
  public ShellResult sh(String command, String... args) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ShellResult exec(String program, String... args) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> void set(Output<T> output, T value) {
    outputs.put(output.name(), value);
  }

  /** What the steps have set so far, by name. */
  public Map<String, Object> outputs() {
    return outputs;
  }

  @Override
  public <T> T get(Output<T> output) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StepFailedException failure(String message) {
    return new StepFailedException(message);
  }

  @Override
  public void log(String line) {
    lines.add(line);
  }

  @Override
  public Path workspace() {
    return workspace;
  }

  @Override
  public RunFacts run() {
    return new Facts("shop :: pipeline code", 1, "", "", "shop");
  }

  private record Facts(String pipeline, long number, String commit, String ref, String source)
      implements RunFacts {
    @Override
    public Optional<String> branch() {
      return Optional.empty();
    }

    @Override
    public Optional<String> parameter(String name) {
      return Optional.empty();
    }

    @Override
    public <T> Optional<T> output(Output<T> output) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> parameter(String name) {
    return Optional.empty();
  }
}
