package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright logs}: Prints the output of a run, or of one step. */
@Command(
    name = "logs",
    description = "Prints the output of a run, or of one step.",
    mixinStandardHelpOptions = true)
public final class LogsCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  private static final Duration WAIT = Duration.ofSeconds(1);

  @Parameters(index = "0", paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      description = "Only this step or stage, such as verify/lint.")
  private @Nullable String step;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the run is finished.")
  private boolean follow;

  private final Map<StepPath, Long> printed = new HashMap<>();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    HttpTransport http = server.connect();
    RunId id = RunId.parse(run);
    long version = -1;
    while (true) {
      String path = Routes.run(id, "") + "?after=" + version + "&wait=" + WAIT.toMillis();
      RunSnapshot now = Json.read(http.get(path, WAIT).body(), RunSnapshot.class);
      version = now.version();
      boolean known = step == null || now.steps().isEmpty();
      for (StepSnapshot found : now.steps()) {
        boolean wanted = isWanted(found.path().value());
        known |= wanted;
        if (wanted && found.logBytes() > printed.getOrDefault(found.path(), 0L)) {
          print(http, id, found.path(), out);
        }
      }
      out.flush();
      if (!known) {
        throw new CommandException(
            "The run %s has no step '%s'. Its steps: pipewright show '%s'".formatted(id, step, id));
      }
      if (!follow || now.state() == Phase.FINISHED) {
        return;
      }
    }
  }

  /** True for the step that was asked for and, if it is a stage, for what it contains. */
  private boolean isWanted(String path) {
    return step == null || path.equals(step) || path.startsWith(step + "/");
  }

  private void print(HttpTransport http, RunId id, StepPath path, PrintWriter out) {
    long from = printed.getOrDefault(path, 0L);
    byte[] text = http.get(Routes.log(id, path) + "?offset=" + from).body();
    if (!path.value().equals(step) && from == 0) {
      out.println("=== " + Texts.line(path.value(), 200));
    }
    out.print(new String(text, StandardCharsets.UTF_8));
    out.flush();
    printed.put(path, from + text.length);
  }
}
