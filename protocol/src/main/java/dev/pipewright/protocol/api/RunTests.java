package dev.pipewright.protocol.api;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import java.util.List;

/** The tests of a run, failed ones first, step by step. */
public record RunTests(TestCounts counts, List<Step> steps) {
  public RunTests {
    steps = List.copyOf(steps);
  }

  /** The tests of one step. */
  public record Step(StepPath path, TestReport report) {}
}
