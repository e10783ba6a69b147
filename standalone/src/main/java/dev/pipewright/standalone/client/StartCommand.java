package dev.pipewright.standalone.client;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright start}: Starts a pipeline by hand. */
@Command(
    name = "start",
    description = "Starts a pipeline by hand.",
    mixinStandardHelpOptions = true)
public final class StartCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final RetryOptions retry = new RetryOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  private static final Duration PLANNING = Duration.ofMinutes(6);

  @Parameters(paramLabel = "PIPELINE", description = "The pipeline to start.")
  private String pipeline = "";

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "The source that holds it. Needed only before its first run.")
  private @Nullable String source;

  @Option(
      names = "--ref",
      paramLabel = "REF",
      description = "Branch or full ref. Default: the default branch.")
  private @Nullable String ref;

  @Option(
      names = "--commit",
      paramLabel = "HASH",
      description = "The full commit hash. Default: head of the ref.")
  private @Nullable String commit;

  @Option(
      names = "-p",
      paramLabel = "NAME=VALUE",
      description =
          "A parameter of the run, which Java steps read with step.parameter(\"NAME\"). Nothing"
              + " declares their names, so any is taken. Repeatable.")
  private Map<String, String> parameters = new HashMap<>();

  @Option(names = "--wait", description = "Wait for the end; exit code 0 only if it succeeded.")
  private boolean wait;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    HttpTransport http = server.connect();
    ManualStart start =
        new ManualStart(
            new PipelineName(pipeline),
            source == null ? null : new SourceName(source),
            fullRef(),
            commit,
            parameters,
            null);
    SteadyConnection steady = retry.steady(http, spec.commandLine().getErr()).reached();
    DeliveryAccepted accepted =
        Json.read(http.post(Routes.STARTS, start).body(), DeliveryAccepted.class);
    DeliveryView planned = awaitPlan(steady, accepted.id());
    if (planned.runs().isEmpty()) {
      String why = planned.problem() == null ? planned.reason() : planned.problem();
      throw new CommandException(
          "No run was started: " + String.join("\n  ", Texts.lines(why, 2000)));
    }
    boolean succeeded = true;
    List<RunSnapshot> started = new ArrayList<>();
    for (RunId run : planned.runs()) {
      if (!server.json()) {
        out.println(run);
      }
      if (wait) {
        started.add(Follow.untilFinished(steady, run, line -> tell(out, line)));
        succeeded &= Follow.succeeded(started.getLast());
      }
    }
    if (server.json()) {
      server.print(out, wait ? started : planned);
    }
    return succeeded ? 0 : 1;
  }

  private void tell(PrintWriter out, String line) {
    if (!server.json()) {
      out.println(line);
    }
  }

  private @Nullable String fullRef() {
    return ref == null || ref.startsWith("refs/") ? ref : "refs/heads/" + ref;
  }

  private static DeliveryView awaitPlan(SteadyConnection http, String id) {
    String path = Routes.DELIVERIES + "/" + UrlText.encoded(id);
    long deadline = System.nanoTime() + PLANNING.toNanos();
    while (true) {
      DeliveryView view = Json.read(http.get(path), DeliveryView.class);
      if (view.state().isOver()) {
        return view;
      }
      if (view.nextAttemptAt() != null) {
        String why =
            view.problem() == null ? "" : String.join("\n  ", Texts.lines(view.problem(), 2000));
        throw new CommandException(
            "No run was started yet: " + why + "\nIt is tried again: pipewright deliveries " + id);
      }
      if (System.nanoTime() > deadline) {
        throw new CommandException("The start is still being planned: pipewright deliveries " + id);
      }
      Pause.of(Duration.ofMillis(100));
    }
  }
}
