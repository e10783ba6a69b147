package dev.pipewright.standalone.local;

import dev.pipewright.engine.plan.Planned;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.client.Texts;
import dev.pipewright.standalone.shape.Comparison;
import dev.pipewright.standalone.shape.ComparisonTexts;
import dev.pipewright.standalone.shape.PipelineComparison;
import dev.pipewright.standalone.shape.PipelineShape;
import dev.pipewright.standalone.shape.PlanTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pipewright plan}: shows the shape of the pipelines without running anything. */
@Command(
    name = "plan",
    description = {
      "Shows the shape of the pipelines without running anything.",
      "With --diff, shows what changed since a revision: above all which steps may see which"
          + " secrets now, and which approvals are gone."
    },
    mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {
  private static final int WIDEST = 400;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The project. Default: this folder.")
  private Path project = Path.of(".");

  @Option(
      names = "--diff",
      paramLabel = "REV",
      description = "Compare with the pipeline code of this commit, branch or tag.")
  private @Nullable String revision;

  @Option(names = "--exit-code", description = "With --diff: exit code 1 if there is a difference.")
  private boolean exitCode;

  @Option(names = "--json", description = "Print the plans, or the differences, as JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    LocalCode code = new LocalCode(project);
    List<Planned> now = code.planned();
    if (revision != null) {
      return compare(code, now, revision, out);
    }
    if (json) {
      out.println(Json.pretty(now.stream().map(Planned::plan).toList()));
      return 0;
    }
    for (Planned planned : now) {
      print(PlanTree.lines(planned), out);
    }
    return 0;
  }

  private int compare(LocalCode code, List<Planned> now, String revision, PrintWriter out) {
    PipelineCodeAt before = at(code, revision);
    List<PipelineComparison> compared =
        Comparison.of(before.shapes(), now.stream().map(PipelineShape::of).toList());
    boolean different = compared.stream().anyMatch(PipelineComparison::isDifferent);
    List<String> unread = unread(before.classes(), code, now);
    if (json) {
      List<PipelineComparison> changes =
          compared.stream().filter(PipelineComparison::isDifferent).toList();
      out.println(Json.pretty(Map.of("pipelines", changes, "readByHand", unread)));
    } else {
      compared.forEach(each -> print(ComparisonTexts.lines(each), out));
      if (!different) {
        out.println("No difference to " + Texts.line(revision, 100) + " in the plans.");
      }
      if (!unread.isEmpty()) {
        out.println(
            "Java code changed, and plans do not show what it does. It may see secrets in: "
                + Texts.line(String.join(", ", unread), WIDEST));
      }
    }
    return exitCode && different ? 1 : 0;
  }

  private record PipelineCodeAt(List<PipelineShape> shapes, Map<String, String> classes) {}

  private static PipelineCodeAt at(LocalCode code, String revision) {
    Path folder = temporary();
    try {
      new RevisionFiles(code.project()).write(revision, LocalCode.FOLDER, folder);
      LocalCode old = new LocalCode(code.project(), folder);
      if (LocalCode.isEmpty(folder)) {
        return new PipelineCodeAt(List.of(), Map.of());
      }
      return new PipelineCodeAt(
          old.planned().stream().map(PipelineShape::of).toList(), old.classDigests());
    } catch (IOException e) {
      throw new CommandException("Could not read " + revision + ": " + e.getMessage());
    } catch (CommandException e) {
      throw e.exitCode() == 2
          ? e
          : new CommandException("The pipeline code of " + revision + " has " + e.getMessage());
    } finally {
      LocalCode.deleteQuietly(folder);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("pipewright-plan-");
    } catch (IOException e) {
      throw new CommandException("Could not make a temporary folder: " + e.getMessage());
    }
  }

  /** Steps made of Java code that see secrets, if any of the code is not what it was. */
  private static List<String> unread(
      Map<String, String> before, LocalCode code, List<Planned> now) {
    if (before.equals(code.classDigests())) {
      return List.of();
    }
    List<String> steps = new ArrayList<>();
    for (Planned planned : now) {
      PipelineShape shape = PipelineShape.of(planned);
      shape.steps().stream()
          .filter(step -> step.java() && !step.secrets().isEmpty())
          .forEach(
              step ->
                  steps.add(
                      "%s %s (%s)"
                          .formatted(
                              shape.name(), step.path(), String.join(", ", step.secrets()))));
    }
    return steps;
  }

  private static void print(List<String> lines, PrintWriter out) {
    lines.forEach(
        line -> {
          String text = line.stripLeading();
          out.println(
              " ".repeat(line.length() - text.length()) + Texts.line(text.stripTrailing(), WIDEST));
        });
  }
}
