package dev.pipewright.engine.execute;

import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.tests.TestFiles;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.TestReportJson;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.TestReport;
import java.io.IOException;
import java.util.List;

/**
 * Reads the test reports of a task after its last attempt, also if that was broken. Never changes
 * how the task ended.
 */
final class Testing {
  private static final int LARGEST = 8_000_000;

  private Testing() {}

  static void afterwards(Ending ending, StepRun execution, Scope scope) {
    List<String> globs = execution.step().node().modifiers().junit();
    StepPath path = execution.path();
    if (globs.isEmpty() || path == null || ending.outcome() == Outcome.CANCELLED) {
      return;
    }
    RunContext run = scope.run();
    try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
      WorkspaceFiles files = new WorkspaceFiles(run.commands().workspace());
      TestReport report = new TestFiles(files, execution.log()::line).read(globs, run.mask());
      if (report != null) {
        byte[] json = TestReportJson.bytes(report, LARGEST);
        BlobDigest digest = run.surroundings().reports().store(json);
        execution.tell(new RunEvent.TestsFound(path, report.counts(), digest));
      }
    } catch (IOException e) {
      execution.log().line("The test results could not be kept: " + e.getMessage());
    } catch (InterruptedException e) {
      execution.log().line("The test results were not kept, because the step was cancelled.");
    }
  }
}
