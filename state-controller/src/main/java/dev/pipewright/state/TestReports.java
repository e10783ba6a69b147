package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.api.TestHistory;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.TestReport.Case;
import dev.pipewright.protocol.run.TestReport.Result;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tests of runs, read from the reports that their engines have stored. What a report says is
 * not believed to be well made: one that cannot be read counts as if it held no cases. Thread-safe.
 */
public final class TestReports {
  private static final Logger log = LoggerFactory.getLogger(TestReports.class);

  /** The most bytes a report may have to be read. */
  static final int LARGEST = 16 * 1024 * 1024;

  private static final int MOST_CASES = 20_000;
  private static final int LONGEST_NAME = 1000;
  private static final int LONGEST_TEXT = 10_000;
  private static final int MOST_RUNS = 50;
  private static final int MOST_ACTIVE = 20;
  private static final int REMEMBERED = 200;

  private final RunBook book;
  private final Pipelines pipelines;
  private final Blobs blobs;

  /** What the last reports that were looked through hold, the least used forgotten first. */
  private final Map<BlobDigest, TestIndex> indexes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobDigest, TestIndex> eldest) {
          return size() > REMEMBERED;
        }
      };

  TestReports(RunBook book, Pipelines pipelines, Blobs blobs) {
    this.book = book;
    this.pipelines = pipelines;
    this.blobs = blobs;
  }

  /** The tests of a run, or of an earlier attempt of it as {@code run} shows it. */
  public RunTests of(RunSnapshot run) {
    TestCounts all = TestCounts.NONE;
    List<RunTests.Step> steps = new ArrayList<>();
    int room = MOST_CASES;
    for (StepSnapshot step : run.steps()) {
      TestCounts counts = step.tests();
      if (counts == null) {
        continue;
      }
      all = all.plus(counts);
      List<Case> cases = failedFirst(read(step.testReport()));
      List<Case> shown = cases.subList(0, Math.min(room, cases.size()));
      room -= shown.size();
      int omitted = Math.max(0, counts.total() - shown.size());
      steps.add(new RunTests.Step(step.path(), new TestReport(counts, shown, omitted)));
    }
    return new RunTests(all, steps);
  }

  private static List<Case> failedFirst(Optional<TestReport> report) {
    return report.stream()
        .flatMap(found -> found.cases().stream())
        .filter(TestReports::isWhole)
        .sorted(Comparator.comparing(one -> isBroken(one.result()) ? 0 : 1))
        .map(TestReports::shortened)
        .toList();
  }

  private static boolean isBroken(Result result) {
    return result == Result.FAILED || result == Result.ERRORED;
  }

  /** What is read from JSON may lack anything, whatever its type says. */
  private static boolean isWhole(@Nullable Case one) {
    return one != null
        && Objects.nonNull(one.suite())
        && Objects.nonNull(one.name())
        && Objects.nonNull(one.result());
  }

  private static Case shortened(Case one) {
    return new Case(
        Limits.shorten(one.suite(), LONGEST_NAME),
        Limits.shorten(one.name(), LONGEST_NAME),
        one.result(),
        Double.isFinite(one.seconds()) ? Math.max(0, one.seconds()) : 0,
        Limits.shortenIfAny(one.message(), LONGEST_TEXT),
        Limits.shortenIfAny(one.detail(), LONGEST_TEXT));
  }

  private Optional<TestReport> read(@Nullable BlobDigest digest) {
    if (digest == null || blobs.size(digest).filter(size -> size <= LARGEST).isEmpty()) {
      return Optional.empty();
    }
    try (InputStream content = open(digest)) {
      return Optional.of(Json.read(content.readNBytes(LARGEST), TestReport.class));
    } catch (IOException | ProtocolException e) {
      log.atInfo().addKeyValue("blob", digest).setCause(e).log("Test report cannot be read");
      return Optional.empty();
    }
  }

  private InputStream open(BlobDigest digest) throws IOException {
    return blobs.open(digest).orElseThrow(() -> new IOException("It is gone."));
  }

  /**
   * How a test fared in the last finished runs of a pipeline, newest first; a run in which it was
   * not found is left out. If a run has it several times, the worst counts.
   */
  public TestHistory history(PipelineName pipeline, String suite, String name, int limit) {
    long newest = pipelines.lastNumber(pipeline) + 1;
    int count = Math.clamp(limit, 1, MOST_RUNS);
    List<TestHistory.Entry> entries =
        book.below(pipeline, newest, MOST_RUNS + MOST_ACTIVE).stream()
            .filter(RunRecord::over)
            .limit(MOST_RUNS)
            .flatMap(run -> entry(run, suite, name).stream())
            .limit(count)
            .toList();
    return new TestHistory(suite, name, entries);
  }

  private Optional<TestHistory.Entry> entry(RunRecord run, String suite, String name) {
    RunId id = run.id();
    Instant finishedAt = run.finishedAt();
    Instant at = finishedAt == null ? run.queuedAt() : finishedAt;
    int attempt = run.attempt().number();
    return run.steps().stream()
        .map(StepSnapshot::testReport)
        .filter(Objects::nonNull)
        .flatMap(digest -> index(digest).find(suite, name).stream())
        .min(Comparator.comparing(TestIndex.Found::result))
        .map(found -> new TestHistory.Entry(id, attempt, found.result(), found.seconds(), at));
  }

  private TestIndex index(BlobDigest digest) {
    synchronized (indexes) {
      TestIndex known = indexes.get(digest);
      if (known != null) {
        return known;
      }
    }
    TestIndex made =
        TestIndex.of(
            read(digest).stream()
                .flatMap(report -> report.cases().stream())
                .filter(TestReports::isWhole)
                .toList());
    synchronized (indexes) {
      indexes.put(digest, made);
    }
    return made;
  }
}
