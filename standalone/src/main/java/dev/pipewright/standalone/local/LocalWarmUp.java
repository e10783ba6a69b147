package dev.pipewright.standalone.local;

import dev.pipewright.engine.LocalRun;
import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.report.LinePrinter;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.standalone.shape.PlanTree;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Compiles and runs a small pipeline, so that the JVM can record what local runs need. */
public final class LocalWarmUp {
  private LocalWarmUp() {}

  /**
   * Does it in an empty folder.
   *
   * @throws IOException if the folder cannot be written or the run does not succeed
   */
  public static void in(Path folder) throws IOException {
    Path code = Files.createDirectories(folder.resolve(LocalCode.FOLDER));
    StarterPipeline starter = new StarterPipeline("warm", "echo warm");
    Files.writeString(code.resolve(starter.className() + ".java"), starter.pipeline());
    LocalCode local = new LocalCode(folder);
    local.planned().forEach(PlanTree::lines);
    LocalRun.Request request =
        new LocalRun.Request(
            local.compile(),
            null,
            null,
            local.project(),
            local.state().resolve("runs"),
            Map.of(),
            System.getenv(),
            Map.of());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (LocalRun run = LocalRun.open(request);
        Cancellation cancellation = Cancellation.root()) {
      LocalRun.Result result =
          run.begin(new LinePrinter(nowhere, line -> line), LocalAsk.NOBODY, cancellation);
      if (result.outcome() != Outcome.SUCCEEDED) {
        throw new IOException("The warm-up run ended as " + result.outcome() + ".");
      }
    }
  }
}
