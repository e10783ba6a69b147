package dev.pipewright.builder.meta;

import dev.pipewright.builder.testing.DescribeStandIn;
import dev.pipewright.builder.testing.StateInMemory;
import dev.pipewright.builder.testing.StepInMemory;
import dev.pipewright.dsl.StepFailedException;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.StepSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The meta-pipeline executed step by step in the test's own process. */
public final class Forks {
  private Forks() {}

  static Fork standIn() {
    List<String> command = new ArrayList<>(Fork.describing().command());
    command.set(command.size() - 1, DescribeStandIn.class.getName());
    return new Fork(command);
  }

  /** Executes a run of the meta-pipeline as an engine would. */
  public static StateInMemory.Execution execute(NewRun run, StateInMemory state)
      throws IOException, InterruptedException {
    Path workspace = Files.createTempDirectory("meta-");
    try {
      return executeIn(workspace, run, state);
    } finally {
      Folders.delete(workspace);
    }
  }

  private static StateInMemory.Execution executeIn(Path workspace, NewRun run, StateInMemory state)
      throws IOException, InterruptedException {
    unpack(state.blob(Objects.requireNonNull(run.seed())), workspace);
    StepInMemory step = new StepInMemory(workspace);
    try {
      if (run.parameters().containsKey("libraries")) {
        ResolveStep.run(step);
      }
      CompileStep.run(step);
      if (!"0".equals(step.outputs().get("tests"))) {
        TestStep.run(step, List.of(), Duration.ofSeconds(60));
      }
      DescribeStep.run(step, standIn(), Duration.ofSeconds(30));
      PublishStep.run(step);
    } catch (StepFailedException e) {
      return new StateInMemory.Execution(
          Outcome.FAILED,
          "",
          List.of(step(Outcome.FAILED, String.valueOf(e.getMessage()), List.of())));
    }
    List<Artifact> artifacts = new ArrayList<>();
    for (String name : List.of("bundle.jar", "describe.json")) {
      byte[] content = Files.readAllBytes(workspace.resolve(name));
      artifacts.add(new Artifact(name, state.store(content), content.length));
    }
    return new StateInMemory.Execution(
        Outcome.SUCCEEDED, "", List.of(step(Outcome.SUCCEEDED, "", artifacts)));
  }

  private static StepSnapshot step(Outcome outcome, String reason, List<Artifact> artifacts) {
    return new StepSnapshot(
        StepPath.of("publish"),
        "step",
        Phase.FINISHED,
        outcome,
        reason,
        null,
        null,
        1,
        false,
        0,
        artifacts);
  }

  private static void unpack(byte[] zip, Path folder) throws IOException {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("outside of the folder: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.write(file, in.readAllBytes());
      }
    }
  }
}
