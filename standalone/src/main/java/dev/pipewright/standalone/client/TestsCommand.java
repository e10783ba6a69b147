package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pipewright tests}: Shows the tests of a run, failed ones first. */
@Command(
    name = "tests",
    description = "Shows the tests of a run: those that failed, and how many passed.",
    mixinStandardHelpOptions = true)
public final class TestsCommand implements Runnable {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "RUN", description = "The run, such as shop#42.")
  private String run = "";

  @Option(names = "--attempt", paramLabel = "N", description = "Of this attempt. Default: last.")
  private @Nullable Integer attempt;

  @Option(names = "--all", description = "List the tests that passed or were skipped, too.")
  private boolean all;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    String path = Routes.run(RunId.parse(run), "tests");
    RunTests tests =
        Json.read(
            server.connect().get(attempt == null ? path : path + "?attempt=" + attempt).body(),
            RunTests.class);
    if (server.json()) {
      server.print(out, tests);
    } else {
      lines(tests, all).forEach(out::println);
    }
  }

  static List<String> lines(RunTests tests, boolean all) {
    if (tests.counts().total() == 0) {
      return List.of("No tests were reported. A step reports them with: .junit(\"…/*.xml\")");
    }
    List<String> lines = new ArrayList<>();
    lines.add(counts(tests.counts()));
    for (RunTests.Step step : tests.steps()) {
      lines.add(Texts.line(step.path().value(), 200) + ": " + counts(step.report().counts()));
      for (TestReport.Case each : step.report().cases()) {
        if (all || each.result().compareTo(TestReport.Result.PASSED) < 0) {
          add(each, lines);
        }
      }
      if (step.report().omitted() > 0) {
        lines.add("  and " + step.report().omitted() + " more that are not kept");
      }
    }
    return lines;
  }

  private static void add(TestReport.Case test, List<String> lines) {
    lines.add(
        "  %-8s%s %s  %.3f s"
            .formatted(
                test.result(),
                Texts.line(test.suite(), 200),
                Texts.line(test.name(), 200),
                test.seconds()));
    Texts.lines(test.message(), 300).forEach(line -> lines.add("    " + line));
    Texts.lines(test.detail(), 300).stream().limit(20).forEach(line -> lines.add("      " + line));
  }

  private static String counts(TestCounts counts) {
    return String.format(
        Locale.ROOT,
        "%d passed, %d failed, %d errored, %d skipped, %.1f s",
        counts.passed(),
        counts.failed(),
        counts.errored(),
        counts.skipped(),
        counts.seconds());
  }
}
