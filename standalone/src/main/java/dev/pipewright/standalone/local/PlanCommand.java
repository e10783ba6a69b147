package dev.pipewright.standalone.local;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.standalone.client.Texts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright plan}: shows the shape of the pipelines without running anything. */
@Command(
    name = "plan",
    description = "Shows the shape of the pipelines without running anything.",
    mixinStandardHelpOptions = true)
public final class PlanCommand implements Runnable {
  @Option(names = "--dir", defaultValue = ".", description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Option(names = "--json", description = "Print the plans as JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    DescribeResult result = new LocalCode(project).describe();
    if (json) {
      out.println(Json.pretty(result.plans()));
      return;
    }
    for (Plan plan : result.plans()) {
      out.println(plan.pipeline() + "  (" + plan.definition() + ")");
      out.println(
          "  started by "
              + String.join(", ", plan.triggers().stream().map(PlanCommand::text).toList()));
      if (plan.image() != null) {
        out.println("  in image   " + plan.image());
      }
      print(plan.steps(), "  ", "", out);
    }
  }

  private static void print(List<PlanStep> steps, String indent, String mark, PrintWriter out) {
    for (PlanStep step : steps) {
      String name = step.path() == null ? step.kind() : step.path().name();
      String detail = step.detail().isBlank() ? "" : "  " + Texts.line(step.detail(), 80);
      out.println(indent + mark + name + detail + modifiers(step));
      print(step.steps(), indent + "  ", "", out);
      print(step.onFailure(), indent + "  ", "on failure: ", out);
      print(step.ensure(), indent + "  ", "ensure: ", out);
    }
  }

  private static String modifiers(PlanStep step) {
    StringBuilder text = new StringBuilder();
    if (step.timeoutSeconds() != null) {
      text.append("  timeout ").append(duration(step.timeoutSeconds()));
    }
    if (step.attempts() > 1) {
      text.append("  attempts ").append(step.attempts());
    }
    if (step.allowFailure()) {
      text.append("  failure allowed");
    }
    return text.toString();
  }

  private static String join(List<GlobPattern> patterns) {
    return String.join(", ", patterns.stream().map(GlobPattern::toString).toList());
  }

  private static String duration(long seconds) {
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }

  private static String text(TriggerSpec trigger) {
    return switch (trigger) {
      case TriggerSpec.Push push ->
          push.branches().isEmpty() ? "push" : "push to " + join(push.branches());
      case TriggerSpec.Tag tag -> tag.names().isEmpty() ? "tags" : "tags " + join(tag.names());
      case TriggerSpec.PullRequest _ -> "pull requests";
      case TriggerSpec.Manual _ -> "hand";
    };
  }
}
