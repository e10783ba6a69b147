package dev.pipewright.engine.step;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.RunFacts;
import dev.pipewright.dsl.Secret;
import dev.pipewright.dsl.ShellResult;
import dev.pipewright.dsl.StepContext;
import dev.pipewright.dsl.StepFailedException;
import dev.pipewright.engine.log.StepLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The context of one attempt of one step. Thread-safe. */
public final class BodyContext implements StepContext {
  private static final int STDOUT_LIMIT = 16 * 1024 * 1024;

  private final Facts facts;
  private final Commands commands;
  private final Map<String, String> environment;
  private final Map<String, String> secrets;
  private final StepLog log;
  private final Map<String, String> outputs = new ConcurrentHashMap<>();

  /**
   * A context whose commands get exactly {@code environment}.
   *
   * @param secrets values of the secrets the step declares, by name
   */
  public BodyContext(
      Facts facts,
      Commands commands,
      Map<String, String> environment,
      Map<String, String> secrets,
      StepLog log) {
    this.facts = facts;
    this.commands = commands;
    this.environment = Map.copyOf(environment);
    this.secrets = Map.copyOf(secrets);
    this.log = log;
  }

  /** What this attempt has set, as JSON text. */
  public Map<String, String> outputs() {
    return Map.copyOf(outputs);
  }

  @Override
  public ShellResult sh(String command, String... args) throws InterruptedException {
    return run(new Command.Shell(command, List.of(args)));
  }

  @Override
  public ShellResult exec(String program, String... args) throws InterruptedException {
    List<String> line = new ArrayList<>(args.length + 1);
    line.add(program);
    line.addAll(List.of(args));
    return run(new Command.Program(line));
  }

  private ShellResult run(Command command) throws InterruptedException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    try (StepLog.Channel out = log.channel();
        StepLog.Channel err = log.channel()) {
      int exitCode =
          commands.run(
              command,
              environment,
              (bytes, offset, length) -> {
                stdout.write(bytes, offset, Math.min(length, STDOUT_LIMIT - stdout.size()));
                out.write(bytes, offset, length);
              },
              err);
      return new ShellResult(stdout.toString(StandardCharsets.UTF_8), exitCode);
    } catch (CommandException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public <T> void set(Output<T> output, T value) {
    if (log.hides(Outputs.json(value))) {
      throw new IllegalStateException(
          "The output '%s' would hold a secret, and outputs are stored and shown. Leave it out."
              .formatted(output.name()));
    }
    outputs.put(output.name(), facts.outputs().set(output, value));
  }

  @Override
  public <T> T get(Output<T> output) {
    return facts
        .output(output)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The output '%s' is read before any step has set it. Set it in an earlier step."
                        .formatted(output.name())));
  }

  @Override
  public String secret(Secret secret) {
    String value = secrets.get(secret.name());
    return value == null ? StepContext.super.secret(secret) : value;
  }

  @Override
  public StepFailedException failure(String message) {
    return new StepFailedException(message);
  }

  @Override
  public void log(String line) {
    log.line(line);
  }

  @Override
  public Path workspace() {
    return commands.folder();
  }

  @Override
  public RunFacts run() {
    return facts;
  }

  @Override
  public Optional<String> parameter(String name) {
    return facts.parameter(name);
  }
}
