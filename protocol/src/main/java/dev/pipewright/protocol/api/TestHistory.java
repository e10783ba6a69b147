package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.TestReport;
import java.time.Instant;
import java.util.List;

/**
 * How one test fared in the last runs of its pipeline, newest first.
 *
 * @param suite the class or suite
 * @param name the test
 */
public record TestHistory(String suite, String name, List<Entry> entries) {
  public TestHistory {
    entries = List.copyOf(entries);
  }

  /** One run in which the test was found. */
  public record Entry(
      RunId run, int attempt, TestReport.Result result, double seconds, Instant at) {}
}
