package dev.pipewright.engine.tests;

import dev.pipewright.protocol.run.TestReport;

/** Takes tests as they are read. */
@FunctionalInterface
interface CaseSink {
  void take(TestReport.Case test);
}
