package dev.pipewright.standalone.local;

import dev.pipewright.engine.LocalRun;
import dev.pipewright.engine.report.LinePrinter;
import dev.pipewright.engine.report.LocalReporter;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.standalone.Terminal;
import dev.pipewright.standalone.client.SafeText;
import dev.pipewright.standalone.live.LiveTree;
import dev.pipewright.standalone.live.TerminalSize;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a local run is shown: as a tree on a terminal, as lines elsewhere. */
final class RunView implements AutoCloseable {
  private static final int TAIL_LINES = 20;

  private final PrintStream out;
  private final RunListener listener;
  private final @Nullable LiveTree tree;

  private RunView(PrintStream out, RunListener listener, @Nullable LiveTree tree) {
    this.out = out;
    this.listener = listener;
    this.tree = tree;
  }

  static RunView of(Plan plan, boolean plain, Map<String, String> environment) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    boolean terminal = Terminal.showsOutput();
    if (plain || !terminal || !canRedraw(environment)) {
      return new RunView(out, new LinePrinter(out, terminal ? RunView::safe : line -> line), null);
    }
    TerminalSize size = new TerminalSize(environment);
    Signals.on("WINCH", size::changed);
    boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty();
    LiveTree tree = new LiveTree(plan, out, size::current, colours, InstantSource.system());
    return new RunView(out, tree, tree);
  }

  /** False for terminals that only know lines, and for machines that pretend to be one. */
  static boolean canRedraw(Map<String, String> environment) {
    String terminal = environment.getOrDefault("TERM", "");
    String ci = environment.getOrDefault("CI", "");
    return !terminal.isEmpty() && !terminal.equals("dumb") && (ci.isEmpty() || ci.equals("false"));
  }

  private static String safe(String line) {
    SafeText text = new SafeText();
    return text.next(line.getBytes(StandardCharsets.UTF_8)) + text.end();
  }

  RunListener listener() {
    return listener;
  }

  PrintStream out() {
    return out;
  }

  /** A person to ask, if there is a terminal. */
  TerminalAsk.Dialog dialog() {
    return new TerminalAsk.Dialog(
        Terminal.canAsk() ? Terminal::ask : null, out, this::pause, this::begin);
  }

  void begin() {
    if (tree != null) {
      tree.resume();
    }
  }

  private void pause() {
    if (tree != null) {
      tree.pause();
    }
  }

  /** Shows the end; where only a tree was shown, also the last output of what was broken. */
  void end(LocalRun.Result result) {
    pause();
    if (tree == null) {
      return;
    }
    for (Map.Entry<StepPath, RunEvent.StepFinished> step : result.steps().entrySet()) {
      Path log = LocalReporter.log(result.folder(), step.getKey());
      if (step.getValue().outcome().isBroken()) {
        List<String> lines = LogTail.of(log, TAIL_LINES);
        if (!lines.isEmpty()) {
          out.println();
          out.println("The end of " + step.getKey() + ", all of it in " + log);
          lines.forEach(line -> out.println("  " + line));
        }
      }
    }
    out.println();
    out.flush();
  }

  @Override
  public void close() {
    pause();
  }
}
