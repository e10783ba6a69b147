package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
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
      description = "Only this step, such as verify/lint.")
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
    if (step != null && !follow) {
      print(http, id, new StepPath(step), out);
      return;
    }
    long version = -1;
    while (true) {
      String path = Routes.run(id, "") + "?after=" + version + "&wait=" + WAIT.toMillis();
      RunSnapshot now = Json.read(http.get(path, WAIT).body(), RunSnapshot.class);
      version = now.version();
      for (StepSnapshot found : now.steps()) {
        boolean wanted = step == null || found.path().value().equals(step);
        if (wanted && found.logBytes() > printed.getOrDefault(found.path(), 0L)) {
          print(http, id, found.path(), out);
        }
      }
      out.flush();
      if (!follow || now.state() == Phase.FINISHED) {
        return;
      }
    }
  }

  private void print(HttpTransport http, RunId id, StepPath path, PrintWriter out) {
    long from = printed.getOrDefault(path, 0L);
    byte[] text = http.get(Routes.log(id, path) + "?offset=" + from).body();
    if (step == null && from == 0) {
      out.println("=== " + Texts.line(path.value(), 200));
    }
    out.print(new String(text, StandardCharsets.UTF_8));
    out.flush();
    printed.put(path, from + text.length);
  }
}
