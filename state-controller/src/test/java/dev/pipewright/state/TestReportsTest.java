package dev.pipewright.state;

import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.TESTS;
import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.api.TestHistory;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.TestReport.Case;
import dev.pipewright.protocol.run.TestReport.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportsTest {
  private static final PipelineName SHOP = new PipelineName("shop");

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
  }

  private static Case test(String name, Result result) {
    return new Case("CartTest", name, result, 0.25, null, null);
  }

  private static TestCounts counts(List<Case> cases) {
    TestCounts counts = TestCounts.NONE;
    for (Case one : cases) {
      counts =
          counts.plus(
              switch (one.result()) {
                case PASSED -> new TestCounts(1, 0, 0, 0, one.seconds());
                case FAILED -> new TestCounts(0, 1, 0, 0, one.seconds());
                case ERRORED -> new TestCounts(0, 0, 1, 0, one.seconds());
                case SKIPPED -> new TestCounts(0, 0, 0, 1, one.seconds());
              });
    }
    return counts;
  }

  private void found(LaunchOrder run, long seq, StepPath step, Case... cases) throws IOException {
    TestCounts counts = counts(List.of(cases));
    stored(run, seq, step, counts, Json.bytes(new TestReport(counts, List.of(cases), 0)));
  }

  private void stored(LaunchOrder run, long seq, StepPath step, TestCounts counts, byte[] report)
      throws IOException {
    BlobDigest digest = BlobDigest.of(report);
    assertThat(
            bench
                .cases
                .services()
                .blobs()
                .putFor(run.run(), run.fence(), digest, new ByteArrayInputStream(report)))
        .isTrue();
    bench.report(
        run, began(seq, step), event(seq + 1, new RunEvent.TestsFound(step, counts, digest)));
  }

  private RunTests tests(LaunchOrder run) {
    return bench.cases.services().tests().of(bench.cases.runs().snapshot(run.run()));
  }

  @Test
  void theTestsOfARunComeStepByStepFailedFirst() throws Exception {
    LaunchOrder run = bench.running();
    assertThat(tests(run)).isEqualTo(new RunTests(TestCounts.NONE, List.of()));
    found(run, 2, LINT, test("style", Result.PASSED));
    found(
        run,
        4,
        TESTS,
        test("adds", Result.PASSED),
        test("pays", Result.FAILED),
        test("sleeps", Result.SKIPPED),
        test("breaks", Result.ERRORED));
    RunTests tests = tests(run);
    assertThat(tests.counts()).isEqualTo(new TestCounts(2, 1, 1, 1, 1.25));
    assertThat(tests.steps()).extracting(RunTests.Step::path).containsExactly(LINT, TESTS);
    assertThat(tests.steps().getLast().report().cases())
        .extracting(Case::name)
        .containsExactly("pays", "breaks", "adds", "sleeps");
    assertThat(tests.steps().getLast().report().omitted()).isZero();
  }

  @Test
  void brokenReportsHurtNobody() throws Exception {
    LaunchOrder run = bench.running();
    TestCounts counts = new TestCounts(3, 0, 0, 0, 1);
    stored(run, 2, LINT, counts, "not json".getBytes(StandardCharsets.UTF_8));
    String holes =
        """
        {"counts":{"passed":3,"failed":0,"errored":0,"skipped":0,"seconds":1},"omitted":0,
         "cases":[{"suite":null,"name":"a","result":"PASSED","seconds":0},
                  {"suite":"s","name":"%s","result":"PASSED","seconds":-5}]}"""
            .formatted("n".repeat(5000));
    stored(run, 4, TESTS, counts, holes.getBytes(StandardCharsets.UTF_8));
    RunTests tests = tests(run);
    assertThat(tests.counts().passed()).isEqualTo(6);
    TestReport lint = tests.steps().getFirst().report();
    assertThat(lint.cases()).isEmpty();
    assertThat(lint.omitted()).isEqualTo(3);
    assertThat(tests.steps().getLast().report().cases())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.name()).hasSizeLessThan(1100);
              assertThat(one.seconds()).isZero();
            });
    bench.finish(run, 6);
    assertThat(bench.cases.services().tests().history(SHOP, "s", "a", 50).entries()).isEmpty();
  }

  @Test
  void aMissingReportIsAnEmptyOne() {
    LaunchOrder run = bench.running();
    TestCounts counts = new TestCounts(3, 0, 0, 0, 1);
    bench.report(
        run,
        began(2, LINT),
        event(3, new RunEvent.TestsFound(LINT, counts, BlobDigest.of(new byte[] {7}))));
    assertThat(tests(run).steps().getFirst().report().cases()).isEmpty();
  }

  @Test
  void theHistoryOfATestIsNewestFirstOverFinishedRuns() throws Exception {
    for (Result result : List.of(Result.PASSED, Result.FAILED, Result.PASSED)) {
      LaunchOrder run = bench.running();
      found(run, 2, TESTS, test("pays", result), test("adds", Result.PASSED));
      bench.report(run, Samples.ended(4, Outcome.FAILED));
    }
    LaunchOrder without = bench.running();
    bench.finish(without, 2);
    LaunchOrder running = bench.running();
    found(running, 2, TESTS, test("pays", Result.ERRORED));
    TestHistory history = bench.cases.services().tests().history(SHOP, "CartTest", "pays", 50);
    assertThat(history.entries())
        .extracting(entry -> entry.run().number())
        .containsExactly(3L, 2L, 1L);
    assertThat(history.entries())
        .extracting(TestHistory.Entry::result)
        .containsExactly(Result.PASSED, Result.FAILED, Result.PASSED);
    assertThat(history.entries().getFirst().seconds()).isEqualTo(0.25);
    assertThat(bench.cases.services().tests().history(SHOP, "CartTest", "pays", 1).entries())
        .hasSize(1);
    assertThat(bench.cases.services().tests().history(SHOP, "Cart", "Testpays", 50).entries())
        .isEmpty();
    assertThat(
            bench
                .cases
                .services()
                .tests()
                .history(new PipelineName("none"), "a", "b", 50)
                .entries())
        .isEmpty();
  }

  @Test
  void ofSeveralTestsWithOneNameTheWorstCounts() throws Exception {
    LaunchOrder run = bench.running();
    found(
        run,
        2,
        TESTS,
        test("pays", Result.PASSED),
        test("pays", Result.FAILED),
        test("pays", Result.SKIPPED));
    bench.finish(run, 4);
    assertThat(bench.cases.services().tests().history(SHOP, "CartTest", "pays", 50).entries())
        .extracting(TestHistory.Entry::result)
        .containsExactly(Result.FAILED);
  }

  @Test
  void secretsOfTheRunAreHiddenInItsReports() throws Exception {
    LaunchOrder run = bench.running();
    bench.cases.services().masks().released(run.run(), List.of("hunter22"));
    Case failed =
        new Case("Cart", "pays", Result.FAILED, 1, "refused hunter22", "at hunter22\n at Cart");
    found(run, 2, TESTS, failed, test("adds", Result.PASSED));
    assertThat(tests(run).steps().getFirst().report().cases())
        .containsExactly(
            new Case("Cart", "pays", Result.FAILED, 1, "refused ********", "at ********\n at Cart"),
            test("adds", Result.PASSED));
    stored(run, 4, LINT, TestCounts.NONE, "no json, hunter22".getBytes(StandardCharsets.UTF_8));
    assertThat(tests(run).steps().getFirst().report().cases()).isEmpty();
  }

  @Test
  void aHugeRunShowsItsFirstCases() throws Exception {
    List<Case> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(test("t" + i, Result.PASSED));
    }
    LaunchOrder run = bench.running();
    Case[] cases = many.toArray(Case[]::new);
    found(run, 2, LINT, cases);
    found(run, 4, TESTS, cases);
    found(run, 6, Samples.DEPLOY, cases);
    RunTests tests = tests(run);
    assertThat(tests.counts().passed()).isEqualTo(30_000);
    assertThat(tests.steps().getLast().report().cases()).isEmpty();
    assertThat(tests.steps().getLast().report().omitted()).isEqualTo(10_000);
  }
}
