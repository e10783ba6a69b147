package dev.pipewright.engine;

import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.local.LocalFolder;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.report.LinePrinter;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.ExitGuard;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pipeline class that is on the class path, in the current folder, so that an IDE can start
 * it and stop in the bodies of its steps: {@code LocalMain ShopPipeline [STEP]}. Secrets come from
 * the environment, as {@code PIPEWRIGHT_SECRET_<NAME>}.
 */
public final class LocalMain {
  private static final String SECRET = "PIPEWRIGHT_SECRET_";

  private LocalMain() {}

  /** Exit code: 0 succeeded, 1 did not, 2 wrong usage or left waiting. */
  public static void main(String[] args) {
    ExitGuard guard = ExitGuard.armed();
    guard.exit(run(args));
  }

  private static int run(String[] args) {
    if (args.length < 1 || args.length > 2) {
      System.err.println("Usage: LocalMain CLASS [STEP]");
      return 2;
    }
    try (LocalRun run = LocalRun.open(request(args[0], args.length > 1 ? args[1] : null));
        Cancellation cancellation = Cancellation.root()) {
      if (!run.missingSecrets().isEmpty()) {
        System.err.println("Set these variables: " + SECRET + run.missingSecrets());
        return 2;
      }
      LocalRun.Result result =
          run.begin(new LinePrinter(System.out, line -> line), LocalAsk.NOBODY, cancellation);
      Outcome outcome = result.outcome();
      System.out.println(result.run() + " " + (outcome == null ? "WAITING" : outcome));
      return outcome == null ? 2 : outcome == Outcome.SUCCEEDED ? 0 : 1;
    } catch (ReflectiveOperationException e) {
      System.err.println("There is no pipeline class '" + args[0] + "' on the class path: " + e);
    } catch (IOException | DefinitionException | LocalRun.UnknownNameException e) {
      System.err.println(e.getMessage());
    }
    return 2;
  }

  private static LocalRun.Request request(String name, @Nullable String step)
      throws ReflectiveOperationException, IOException {
    Class<?> type = Class.forName(name);
    if (!PipelineDefinition.class.isAssignableFrom(type)) {
      throw new ClassNotFoundException("it does not implement PipelineDefinition");
    }
    Path folder = Path.of("").toAbsolutePath();
    List<Path> classPath = List.of(place(type));
    return new LocalRun.Request(
        classPath,
        pipeline(classPath, name),
        step == null ? null : new StepPath(step),
        folder,
        LocalFolder.unseen(folder.resolve(".pipewright").resolve(".runs")).resolve("runs"),
        Map.of(),
        System.getenv(),
        secrets(System.getenv()));
  }

  private static String pipeline(List<Path> classPath, String definition) {
    try (PipelineCode code = PipelineCode.open(classPath)) {
      return code.plan(definition).plan().pipeline().value();
    }
  }

  private static Path place(Class<?> type) throws ClassNotFoundException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new ClassNotFoundException("it is not in a file", e);
    }
  }

  /** The secrets among the variables of an environment. */
  public static Map<String, String> secrets(Map<String, String> environment) {
    Map<String, String> secrets = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(SECRET) && name.length() > SECRET.length()) {
            secrets.put(name.substring(SECRET.length()), value);
          }
        });
    return secrets;
  }
}
