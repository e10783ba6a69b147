package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.state.UseCases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What the engine of one launch tells, a batch at each moment at which something happens. */
final class HistoryRun {
  private static final int LINES = 40;
  private static final int CASES = 60;

  private final UseCases cases;
  private final LaunchOrder launch;
  private final Random random;
  private final InstantSource clock;
  private final IntConsumer pass;
  private final boolean whole;
  private long seq;

  /**
   * {@code pass} lets up to so many seconds pass. Output and reports, which are files, are stored
   * only of a {@code whole} run: with those of all runs it would take hours.
   */
  HistoryRun(
      UseCases cases,
      LaunchOrder launch,
      Random random,
      InstantSource clock,
      IntConsumer pass,
      boolean whole) {
    this.cases = cases;
    this.launch = launch;
    this.random = random;
    this.clock = clock;
    this.pass = pass;
    this.whole = whole;
  }

  /** Tells everything up to the end, or to where it is cut off. */
  void play(HistoryGenerator.Fate fate) {
    int breaking = fate == HistoryGenerator.Fate.FAILED ? random.nextInt(3) : -1;
    pass.accept(2);
    tell(new RunEvent.RunStarted("0.1.0"), began(HistoryPlan.CHECKOUT));
    after(4, HistoryPlan.CHECKOUT);
    tell(
        ended(HistoryPlan.CHECKOUT),
        began(HistoryPlan.VERIFY),
        began(HistoryPlan.UNIT),
        began(HistoryPlan.LINT),
        began(HistoryPlan.INTEGRATION));
    after(20, HistoryPlan.LINT);
    tell(ended(HistoryPlan.LINT));
    if (fate == HistoryGenerator.Fate.OUT_OF_MEMORY || fate == HistoryGenerator.Fate.TIMED_OUT) {
      after(100, HistoryPlan.UNIT);
      return;
    }
    if (isVerified(breaking == 0) && isPackaged(breaking == 1)) {
      delivers(breaking == 2);
    }
  }

  private boolean isVerified(boolean breaks) {
    after(60, HistoryPlan.UNIT);
    tell(tests(breaks), breaks ? broke(HistoryPlan.UNIT) : ended(HistoryPlan.UNIT));
    after(30, HistoryPlan.INTEGRATION);
    if (breaks) {
      tell(ended(HistoryPlan.INTEGRATION), broke(HistoryPlan.VERIFY), over(Outcome.FAILED));
      return false;
    }
    tell(ended(HistoryPlan.INTEGRATION), ended(HistoryPlan.VERIFY), began(HistoryPlan.PACKAGE));
    return true;
  }

  private boolean isPackaged(boolean breaks) {
    after(30, HistoryPlan.PACKAGE);
    if (breaks) {
      tell(broke(HistoryPlan.PACKAGE), over(Outcome.FAILED));
      return false;
    }
    BlobDigest jar = BlobDigest.of((launch.run() + "jar").getBytes(UTF_8));
    tell(
        new RunEvent.StepFinished(
            HistoryPlan.PACKAGE,
            Outcome.SUCCEEDED,
            null,
            Map.of("version", "\"1.4." + launch.run().number() + "\""),
            List.of(new Artifact("target/service.jar", jar, 20_000_000 + random.nextInt(1000)))),
        began(HistoryPlan.IMAGE));
    return true;
  }

  private void delivers(boolean breaks) {
    after(40, HistoryPlan.IMAGE);
    if (breaks) {
      tell(broke(HistoryPlan.IMAGE), over(Outcome.FAILED));
      return;
    }
    tell(ended(HistoryPlan.IMAGE), began(HistoryPlan.ANNOUNCE));
    after(2, HistoryPlan.ANNOUNCE);
    tell(ended(HistoryPlan.ANNOUNCE), over(Outcome.SUCCEEDED));
  }

  private void tell(RunEvent... events) {
    List<EventEnvelope> batch = new ArrayList<>();
    for (RunEvent event : events) {
      seq++;
      batch.add(new EventEnvelope(seq, clock.instant(), event));
    }
    cases.reports().report(launch.run(), new EventBatch(launch.fence(), batch));
  }

  /** Up to so many seconds later; meanwhile the step prints. */
  private void after(int seconds, StepPath step) {
    pass.accept(seconds);
    if (whole) {
      StringBuilder text = new StringBuilder();
      for (int line = 1; line <= LINES; line++) {
        text.append("[INFO] ").append(step).append(": line ").append(line).append(" of 40\n");
      }
      cases
          .reports()
          .append(
              launch.run(),
              step,
              launch.fence(),
              0,
              clock.instant(),
              text.toString().getBytes(UTF_8));
    }
  }

  private RunEvent tests(boolean broken) {
    List<TestReport.Case> found = new ArrayList<>();
    double seconds = 0;
    for (int i = 0; i < CASES; i++) {
      boolean failed = broken && i == 7;
      @Nullable String message = failed ? "expected: <3> but was: <4>" : null;
      double each = random.nextInt(1000) / 1000.0;
      seconds += each;
      found.add(
          new TestReport.Case(
              "dev.example.PriceTest",
              "case " + i,
              failed ? TestReport.Result.FAILED : TestReport.Result.PASSED,
              each,
              message,
              message));
    }
    int failures = broken ? 1 : 0;
    TestCounts counts = new TestCounts(CASES - failures, failures, 0, 0, seconds);
    return new RunEvent.TestsFound(
        HistoryPlan.UNIT, counts, stored(Json.bytes(new TestReport(counts, found, 0))));
  }

  private BlobDigest stored(byte[] report) {
    BlobDigest digest = BlobDigest.of(report);
    if (whole) {
      try {
        boolean unused =
            cases
                .services()
                .blobs()
                .putFor(launch.run(), launch.fence(), digest, new ByteArrayInputStream(report));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return digest;
  }

  private static RunEvent began(StepPath step) {
    return new RunEvent.StepStarted(step, 1);
  }

  private static RunEvent ended(StepPath step) {
    return new RunEvent.StepFinished(step, Outcome.SUCCEEDED, null, Map.of(), List.of());
  }

  private static RunEvent broke(StepPath step) {
    return new RunEvent.StepFinished(
        step, Outcome.FAILED, "The command ended with code 1.", Map.of(), List.of());
  }

  private static RunEvent over(Outcome outcome) {
    return new RunEvent.RunFinished(outcome, null);
  }
}
