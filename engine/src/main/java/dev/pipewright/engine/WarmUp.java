package dev.pipewright.engine;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.checkout;
import static dev.pipewright.dsl.Steps.inParallel;
import static dev.pipewright.dsl.Steps.sh;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Triggers.manually;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.engine.report.Delivery;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.step.ProcessConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/** Goes once through everything a run needs, against a server in this process. */
final class WarmUp {
  private static final Output<String> TEXT = Output.text("text");

  private WarmUp() {}

  /** Does it; anything but COMPLETE means that not everything was gone through. */
  static Delivery run(ExecutorService pumps) throws IOException, InterruptedException {
    Path workspace = Files.createTempDirectory("pipewright-warm-up-");
    try (WarmUpServer server = WarmUpServer.start(Definition.class.getName())) {
      EngineConfig config =
          new EngineConfig(
              server.address(),
              WarmUpServer.RUN,
              "warm-up",
              workspace,
              EngineConfig.processes(System.getenv(), ProcessConfig.GRACE));
      // There is nothing to check out, and nothing is gained by trying that again.
      Outage outage = new Outage(Duration.ZERO);
      return new ServerRun(config, outage, InstantSource.system(), pumps).run();
    } finally {
      delete(workspace);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestLast;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestLast = files.toList();
    }
    for (Path file : deepestLast.reversed()) {
      Files.deleteIfExists(file);
    }
  }

  /** The pipeline that is run. */
  static final class Definition implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("warm-up")
          .startedBy(manually())
          .runs(
              checkout().allowFailure(),
              sh("say", "echo hello > hello.txt").keeps("*.txt"),
              step("set", context -> context.set(TEXT, "hello")),
              step("java", context -> context.log(context.sh("echo", context.get(TEXT)).stdout())),
              stage("both", inParallel(sh("one", "true"), sh("two", "true")))
                  .timeout(Duration.ofMinutes(1)));
    }
  }
}
