package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What {@code approve} and {@code reject} have in common: which step is answered, and with what.
 */
final class DecisionOptions {
  @Mixin private final ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      description =
          "The step that waits. Not needed if only one waits for a person, or if the commit of the"
              + " run does: a run from outside the repository begins when that is approved.")
  private @Nullable String step;

  @Option(
      names = "-p",
      paramLabel = "NAME=VALUE",
      description = "A parameter of the answer, repeatable.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--note", paramLabel = "TEXT", description = "Why, for the others.")
  private @Nullable String note;

  /** Gives the answer. */
  void decide(boolean approved, PrintWriter out) {
    RunId id = RunId.parse(run);
    HttpTransport http = server.connect();
    RunSnapshot found = Json.read(http.get(Routes.run(id, "")).body(), RunSnapshot.class);
    OpenWait wait = wait(found, step);
    StepPath path = wait.path();
    Map<String, String> values = parameters;
    if (approved && Terminal.canAsk() && !server.json()) {
      values =
          ParameterQuestions.complete(
              wait.what().parameters(),
              parameters,
              spec -> spec.defaultValue() == null,
              Terminal::ask);
    }
    Decision decision = new Decision(path, approved, note, values);
    RunSnapshot after =
        Json.read(http.post(Routes.run(id, "decisions"), decision).body(), RunSnapshot.class);
    if (server.json()) {
      server.print(out, after);
    } else {
      String what =
          path == null
              ? "the commit " + found.commit().abbreviated()
              : Texts.line(path.value(), 200);
      out.printf(
          "%s %s of %s. See how it goes on with: pipewright show '%s'%n",
          approved ? "Approved" : "Rejected", what, id, id);
    }
  }

  /** The one wait for people that is meant. */
  static OpenWait wait(RunSnapshot run, @Nullable String step) {
    List<OpenWait> open =
        run.waits().stream().filter(each -> each.what().isForPeople() && isNamed(each)).toList();
    List<String> names = open.stream().map(each -> WaitTexts.name(each)).toList();
    if (open.isEmpty()) {
      throw new CommandException("Nothing in " + run.id() + " waits for a person.");
    }
    if (step == null && open.size() > 1) {
      throw new CommandException("Name the step to answer, one of " + names + ".", 2);
    }
    return open.stream()
        .filter(each -> step == null || String.valueOf(each.path()).equals(step))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    "'%s' does not wait for a person in %s. There is %s."
                        .formatted(step, run.id(), names)));
  }

  private static boolean isNamed(OpenWait wait) {
    return wait.path() != null || WaitTexts.isForCommit(wait);
  }
}
