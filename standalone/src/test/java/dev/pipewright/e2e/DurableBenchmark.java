package dev.pipewright.e2e;

import static dev.pipewright.e2e.Figures.array;
import static dev.pipewright.e2e.Figures.hook;
import static dev.pipewright.e2e.Figures.millisSince;
import static dev.pipewright.e2e.Figures.output;
import static dev.pipewright.e2e.Figures.print;
import static dev.pipewright.e2e.Figures.sinceStamp;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the engine on this machine, on a server and alone, and prints one line a figure. Not
 * part of the tests; docs/benchmarks.md has the command.
 */
class DurableBenchmark {
  private static final int HUNDRED_MEGABYTES = 100_000_000;

  @TempDir Path folder;

  @Test
  void stepsOnAServer() {
    print("sh -c true from Java, ms", Figures.shells(300));
    try (ServerProcess server = ServerProcess.start(folder.resolve("steps"), "process")) {
      for (Kind kind :
          List.of(
              new Kind("java", "s -> {}"),
              new Kind("quiet", "\"true\""),
              new Kind("loud", "\"echo one line\""))) {
        measureSteps(server, kind);
      }
    }
  }

  /** What each of a thousand steps does. */
  private record Kind(String name, String body) {
    String step(String name) {
      return (body.startsWith("\"") ? "sh(" : "step(") + name + ", " + body + ")";
    }
  }

  private void measureSteps(ServerProcess server, Kind kind) {
    Scenario scenario = new Scenario(server, folder);
    GitProject project = new GitProject(folder.resolve(kind.name()));
    scenario.register(kind.name(), project, null, "plain-git");
    project.file(
        ".pipewright/ThousandPipeline.java",
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import dev.pipewright.dsl.*;

        public final class ThousandPipeline implements PipelineDefinition {
          @Override
          public Pipeline define() {
            Step[] more = new Step[999];
            for (int i = 0; i < more.length; i++) {
              more[i] = %s;
            }
            return pipeline("%s").startedBy(push()).runs(%s, more);
          }
        }
        """
            .formatted(kind.step("\"step \" + i"), kind.name(), kind.step("\"first\"")));
    double[] whole = new double[5];
    List<Double> each = new ArrayList<>();
    for (int i = 0; i < whole.length; i++) {
      hook(server, kind.name(), project.file("n", "" + i).release("push " + i));
      List<StepSnapshot> steps =
          scenario.details(scenario.thenFinished(kind.name(), i + 1).getFirst()).steps();
      whole[i] = millis(steps.getFirst().startedAt(), steps.getLast().finishedAt());
      for (int j = 1; j < steps.size(); j++) {
        each.add(millis(steps.get(j - 1).startedAt(), steps.get(j).startedAt()));
      }
    }
    print("1,000 steps in sequence (" + kind.name() + "), ms", whole);
    print("one of them, begin to begin (" + kind.name() + "), ms", array(each));
  }

  @Test
  void fromTheKillToTheStepAgain() {
    try (ServerProcess server = ServerProcess.start(folder.resolve("kill"), "process")) {
      Scenario scenario = new Scenario(server, folder);
      double[] again = new double[10];
      for (int i = 0; i < again.length; i++) {
        String name = "kill" + i;
        Effects effects = new Effects(folder, name);
        GitProject project = new GitProject(folder.resolve(name));
        scenario.register(name, project, null, "plain-git");
        String body = effects.leave("begins") + "; " + effects.waitAtGate();
        project.pipeline(name, "sh(\"one\", \"true\"), sh(\"two\", \"" + body + "\")");
        hook(server, name, project.release("go"));
        effects.await("begins", 1);
        Engines.of(server).kill(scenario.thenIs(name, Phase.RUNNING));
        long killed = System.nanoTime();
        effects.await("begins", 2);
        again[i] = millisSince(killed);
        effects.openGate();
        scenario.thenFinished(name, 1);
      }
      print("from the kill of the engine to the same step again, ms", again);
    }
  }

  @Test
  void hundredMegabytesOfOutput() {
    try (ServerProcess server = ServerProcess.start(folder.resolve("output"), "process")) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project = new GitProject(folder.resolve("loud"));
      scenario.register("loud", project, null, "plain-git");
      String half =
          "yes a line of sixty-four bytes, as a compiler or a test may print one. | head -c ";
      String step = "\"" + half + HUNDRED_MEGABYTES / 2 + " || true\")";
      project.pipeline(
          "loud", "sh(\"one\", " + step + ", sh(\"two\", " + step + ", sh(\"three\", \"sleep 1\")");
      double[] rate = new double[5];
      double[] memory = new double[rate.length];
      for (int i = 0; i < rate.length; i++) {
        hook(server, "loud", project.file("n", "" + i).release("push " + i));
        int count = i + 1;
        await()
            .atMost(Scenario.PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> scenario.runs("loud").size() == count);
        memory[i] = peak(server, scenario.runs("loud").getFirst(), scenario);
        List<StepSnapshot> steps =
            scenario.details(scenario.thenFinished("loud", count).getFirst()).steps();
        double millis = millis(steps.getFirst().startedAt(), steps.get(1).finishedAt());
        rate[i] = HUNDRED_MEGABYTES / 1000.0 / millis;
      }
      print("100 MB of output of two steps into the store, MB/s", rate);
      print("most memory of the engine meanwhile (VmHWM), MiB", memory);
    }
  }

  /** The most memory the run's engine had resident while the run went on, in MiB. */
  private static double peak(ServerProcess server, RunSnapshot run, Scenario scenario) {
    double[] most = new double[1];
    await()
        .atMost(Scenario.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              for (ProcessHandle engine : Engines.of(server).of(run)) {
                most[0] = Math.max(most[0], Figures.memory(engine.pid(), "VmHWM"));
              }
              return scenario.details(run).state() == Phase.FINISHED;
            });
    return most[0];
  }

  @Test
  void localRunsColdAndWarm() throws IOException {
    double[] cold = new double[10];
    double[] warm = new double[10];
    double[] whole = new double[10];
    for (int i = 0; i < cold.length; i++) {
      Path project = folder.resolve("local" + i);
      Files.createDirectories(project.resolve(".pipewright"));
      Files.writeString(
          project.resolve(".pipewright/LocalPipeline.java"),
          """
          import static dev.pipewright.dsl.Pipelines.pipeline;
          import static dev.pipewright.dsl.Steps.*;
          import static dev.pipewright.dsl.Triggers.*;
          import dev.pipewright.dsl.*;

          public final class LocalPipeline implements PipelineDefinition {
            @Override
            public Pipeline define() {
              return pipeline("local").startedBy(manually()).runs(sh("stamp", "date +%s%N >stamp"));
            }
          }
          """);
      cold[i] = local(project);
      long start = System.nanoTime();
      warm[i] = local(project);
      whole[i] = millisSince(start);
    }
    print("pipewright run to its first command, code not compiled yet, ms", cold);
    print("pipewright run to its first command, code compiled, ms", warm);
    print("pipewright run, whole, code compiled, ms", whole);
  }

  private static double local(Path project) throws IOException {
    String launcher = Path.of("..", "pipewright").toAbsolutePath().normalize().toString();
    Instant before = Instant.now();
    output(launcher, "run", "--dir", project.toString());
    return sinceStamp(before, Files.readString(project.resolve("stamp")));
  }

  private static double millis(@Nullable Instant from, @Nullable Instant to) {
    return Duration.between(Objects.requireNonNull(from), Objects.requireNonNull(to)).toNanos()
        / 1e6;
  }
}
