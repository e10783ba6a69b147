package dev.pipewright.standalone.local;

import dev.pipewright.engine.LocalRun;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pipewright run}: runs a pipeline on the working tree, without a server. */
@Command(
    name = "run",
    description = {
      "Runs a pipeline on the working tree, without a server.",
      "Exit code: 0 succeeded, 1 did not, 130 cancelled with Ctrl-C."
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private static final long GRACE_SECONDS = 60;

  @Parameters(
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Which pipeline. Not needed if there is only one.")
  private @Nullable String pipeline;

  @Option(names = "--dir", defaultValue = ".", description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Option(names = "--only", paramLabel = "STEP", description = "Run only this step or stage.")
  private @Nullable String only;

  @Option(names = "-p", paramLabel = "NAME=VALUE", description = "A parameter of the run.")
  private Map<String, String> parameters = new HashMap<>();

  @Override
  public Integer call() {
    LocalCode code = new LocalCode(project);
    Path classes = code.compile();
    Path runs = code.state().resolve("runs");
    LocalRun.Request request =
        new LocalRun.Request(
            List.of(classes),
            pipeline,
            only == null ? null : new StepPath(only),
            code.project(),
            runs,
            parameters,
            System.getenv());
    try (Cancellation cancellation = Cancellation.root()) {
      CountDownLatch done = new CountDownLatch(1);
      Thread hook = Thread.ofPlatform().unstarted(() -> cancel(cancellation, done));
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        return run(request, cancellation);
      } finally {
        done.countDown();
        if (!cancellation.isCancelled()) {
          Runtime.getRuntime().removeShutdownHook(hook);
        }
      }
    } catch (IOException e) {
      throw new CommandException("Could not run: " + e.getMessage());
    } catch (DefinitionException | LocalRun.UnknownNameException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private static int run(LocalRun.Request request, Cancellation cancellation) throws IOException {
    PrintStream out = System.out;
    LocalRun.Result result = LocalRun.run(request, new RunPrinter(out), cancellation);
    String reason = result.reason() == null ? "" : ": " + result.reason();
    out.println(result.run() + " " + result.outcome() + reason);
    out.println("Events, output and kept files: " + result.folder());
    out.flush();
    if (cancellation.isCancelled()) {
      return 130;
    }
    return result.outcome() == Outcome.SUCCEEDED ? 0 : 1;
  }

  /** Runs when the process is told to end: the run is cancelled and its ensure steps still run. */
  private static void cancel(Cancellation cancellation, CountDownLatch done) {
    cancellation.cancel("interrupted");
    try {
      done.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
