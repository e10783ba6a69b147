package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.*;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes of every word of control flow, with bodies in Java and no processes. */
@Timeout(180)
final class ControlFlowTest {
  private final Trial trial;

  ControlFlowTest(@TempDir Path workspace) {
    this.trial = new Trial(workspace);
  }

  private static Task ok(String name) {
    return step(name, _ -> {});
  }

  private static Task fails(String name) {
    return step(
        name,
        context -> {
          throw context.failure("no");
        });
  }

  private static Task breaks(String name) {
    return step(
        name,
        _ -> {
          throw new IllegalStateException("bug");
        });
  }

  private static Task waits(String name) {
    return step(name, _ -> new CountDownLatch(1).await());
  }

  @Test
  void aRunOfGoodStepsSucceedsAndReportsEveryStep() {
    trial.run(ok("a"), stage("s", ok("b")), ok("c"));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertThat(trial.endings())
        .containsExactly("a=SUCCEEDED", "s/b=SUCCEEDED", "s=SUCCEEDED", "c=SUCCEEDED");
    assertThat(trial.started()).containsExactly("a#1", "s#1", "s/b#1", "c#1");
  }

  @Test
  void theFirstFailureEndsASequenceAndTheRestIsSkipped() {
    trial.run(stage("s", fails("a"), ok("b").ensure(ok("after"))), ok("c"));

    assertThat(trial.outcome()).hasToString("FAILED");
    assertThat(trial.reason()).isEqualTo("s: a: no");
    assertThat(trial.endings())
        .containsExactly("s/a=FAILED", "s/b/after=SKIPPED", "s/b=SKIPPED", "s=FAILED", "c=SKIPPED");
  }

  @Test
  void anExceptionIsAnErrorWithATrimmedTraceInTheLog() {
    trial.run(breaks("a"));

    assertThat(trial.outcome()).hasToString("ERRORED");
    assertThat(trial.reason()).isEqualTo("a: IllegalStateException: bug");
    assertThat(trial.log("a"))
        .contains("java.lang.IllegalStateException: bug")
        .contains("ControlFlowTest.java");
  }

  @Test
  void errorsOfTheMachineInABodyAreErrorsOfTheStep() {
    trial.run(
        inParallel(
            step("deep", _ -> deeper(1)),
            step(
                "link",
                _ -> {
                  throw new NoClassDefFoundError("x/Y");
                }),
            step(
                "memory",
                _ -> {
                  throw new OutOfMemoryError("pretended");
                })));

    assertThat(trial.endings()).contains("deep=ERRORED", "link=ERRORED", "memory=ERRORED");
  }

  private static int deeper(int depth) {
    return depth < 0 ? 0 : deeper(depth + 1) + 1;
  }

  @Test
  void anAllowedFailureKeepsItsOutcomeAndTheRunGoesOn() {
    trial.run(fails("a").allowFailure(), ok("b"));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertThat(trial.endings()).containsExactly("a=FAILED", "b=SUCCEEDED");
  }

  @Test
  void onBranchRunsOnlyWhereItMatches() {
    trial
        .ref("refs/heads/release/1")
        .run(onBranch("release/*", ok("a")), onBranch("main", ok("b")));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertThat(trial.endings()).containsExactly("a=SUCCEEDED", "b=SKIPPED");
  }

  @Test
  void aTagIsNoBranch() {
    trial.ref("refs/tags/main").run(onBranch("**", ok("a")));

    assertThat(trial.endings()).containsExactly("a=SKIPPED");
  }

  @Test
  void conditionsDecideAndAConditionThatThrowsIsAnError() {
    trial.run(
        onlyIf(run -> run.number() == 7, ok("a")),
        onlyIf(run -> run.parameter("who").isEmpty(), ok("b")),
        choose(_ -> false, ok("then"), ok("else")),
        onlyIf(
            _ -> {
              throw new IllegalStateException("lost");
            },
            ok("c")));

    assertThat(trial.outcome()).hasToString("ERRORED");
    assertThat(trial.endings())
        .containsExactly("a=SUCCEEDED", "b=SKIPPED", "then=SKIPPED", "else=SUCCEEDED", "c=SKIPPED");
  }

  @Nested
  final class WhenInParallel {
    @Test
    void allRunToTheirEndAndTheWorstCounts() {
      trial.run(inParallel(fails("a"), breaks("b"), ok("c")));

      assertThat(trial.outcome()).hasToString("ERRORED");
      assertThat(trial.endings()).containsExactlyInAnyOrder("a=FAILED", "b=ERRORED", "c=SUCCEEDED");
    }

    @Test
    void failFastCancelsAndAwaitsTheOthers() {
      trial.run(inParallel(waits("a"), fails("b")).failFast());

      assertThat(trial.outcome()).hasToString("FAILED");
      assertThat(trial.endings()).containsExactlyInAnyOrder("a=CANCELLED", "b=FAILED");
    }

    @Test
    void noMoreThanAskedForRunAtOnce() {
      AtomicInteger now = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      trial.run(
          inParallelFor(
                  IntStream.range(0, 30).boxed().toList(),
                  i ->
                      step(
                          "s" + i,
                          _ -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            Thread.onSpinWait();
                            now.decrementAndGet();
                          }))
              .atMost(3));

      assertThat(trial.outcome()).hasToString("SUCCEEDED");
      assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void branchesReallyRunAtTheSameTime() {
      CountDownLatch all = new CountDownLatch(50);
      trial.run(
          inParallelFor(
              IntStream.range(0, 50).boxed().toList(),
              i ->
                  step(
                      "s" + i,
                      _ -> {
                        all.countDown();
                        all.await();
                      })));

      assertThat(trial.outcome()).hasToString("SUCCEEDED");
    }

    @Test
    void theFirstSuccessOfAnyOfWins() {
      trial.run(anyOf(fails("a"), waits("b"), step("c", _ -> trial.recorder.awaitEnd("a"))));

      assertThat(trial.outcome()).hasToString("SUCCEEDED");
      assertThat(trial.endings())
          .containsExactlyInAnyOrder("a=FAILED", "b=CANCELLED", "c=SUCCEEDED");
    }
  }

  @Nested
  final class WhenTimeIsOver {
    @Test
    void theStageIsTimedOutAndItsStepsAreCancelled() {
      trial.run(stage("s", waits("a"), ok("b")).timeout(Duration.ofMillis(50)), ok("c"));

      assertThat(trial.outcome()).hasToString("TIMED_OUT");
      assertThat(trial.reason()).isEqualTo("s: took longer than 50 ms");
      assertThat(trial.endings())
          .containsExactly("s/a=CANCELLED", "s/b=CANCELLED", "s=TIMED_OUT", "c=SKIPPED");
    }

    @Test
    void aWholePipelineCanBeTimedOut() {
      Alarm alarm = new Alarm();
      trial.time = alarm;
      Task slow =
          step(
              "a",
              _ -> {
                alarm.ring();
                new CountDownLatch(1).await();
              });
      trial.run(
          Pipelines.pipeline("p")
              .startedBy(Triggers.manually())
              .timeout(Duration.ofHours(1))
              .runs(slow.ensure(ok("after"))));

      assertThat(trial.outcome()).hasToString("TIMED_OUT");
      assertThat(trial.endings()).containsExactly("a/after=SUCCEEDED", "a=CANCELLED");
    }

    @Test
    void eachAttemptHasItsOwnLimit() {
      trial.run(waits("a").timeout(Duration.ofMillis(30)).attempts(2));

      assertThat(trial.started()).containsExactly("a#1", "a#2");
      assertThat(trial.endings()).containsExactly("a=TIMED_OUT");
    }
  }

  @Nested
  final class WhenTriedAgain {
    @Test
    void itSucceedsAtTheAttemptThatDoes() {
      AtomicInteger tries = new AtomicInteger();
      trial.run(
          step(
                  "a",
                  context -> {
                    if (tries.incrementAndGet() < 3) {
                      throw context.failure("not yet");
                    }
                  })
              .attempts(5));

      assertThat(trial.started()).containsExactly("a#1", "a#2", "a#3");
      assertThat(trial.endings()).containsExactly("a=SUCCEEDED");
      assertThat(trial.log("a")).contains("[attempt 2 of 5: FAILED, not yet]");
    }

    @Test
    void attemptsAreExhausted() {
      trial.run(fails("a").attempts(3));

      assertThat(trial.started()).hasSize(3);
      assertThat(trial.endings()).containsExactly("a=FAILED");
    }
  }

  @Nested
  final class WhenRecovering {
    @Test
    void ensureRunsAfterSuccessFailureAndError() {
      trial.run(
          ok("a").ensure(ok("x")),
          fails("b").allowFailure().ensure(ok("x")),
          breaks("c").ensure(ok("x")));

      assertThat(trial.endings())
          .containsExactly(
              "a/x=SUCCEEDED",
              "a=SUCCEEDED",
              "b/x=SUCCEEDED",
              "b=FAILED",
              "c/x=SUCCEEDED",
              "c=ERRORED");
    }

    @Test
    void ensureRunsAfterACancel() {
      Step cancelling =
          step(
              "a",
              _ -> {
                trial.cancellation.cancel("cancelled by ann");
                new CountDownLatch(1).await();
              });

      trial.run(stage("s", cancelling).ensure(ok("x")), ok("b"));

      assertThat(trial.outcome()).hasToString("CANCELLED");
      assertThat(trial.reason()).contains("cancelled by ann");
      assertThat(trial.endings())
          .containsExactly("s/a=CANCELLED", "s/x=SUCCEEDED", "s=CANCELLED", "b=CANCELLED");
    }

    @Test
    void aFailingEnsureMakesTheStepFail() {
      trial.run(ok("a").ensure(fails("x")));

      assertThat(trial.endings()).containsExactly("a/x=FAILED", "a=FAILED");
    }

    @Test
    void onFailureRunsOnlyAfterAFailureAndDoesNotHeal() {
      trial.run(ok("a").onFailure(ok("x")), fails("b").onFailure(ok("x")));

      assertThat(trial.endings())
          .containsExactly("a/x=SKIPPED", "a=SUCCEEDED", "b/x=SUCCEEDED", "b=FAILED");
    }
  }

  @Nested
  final class WhenOutputsTravel {
    record Version(String name, List<Integer> parts) {}

    private static final Output<Version> VERSION = Output.of("version", Version.class);
    private static final Output<String> TEXT = Output.text("text");

    @Test
    void laterStepsReadWhatEarlierOnesSet() {
      trial.run(
          step("set", step -> step.set(VERSION, new Version("one", List.of(1, 2)))),
          step(
              "text", step -> step.set(TEXT, step.get(VERSION).name() + step.get(VERSION).parts())),
          onlyIf(
              run -> run.output(TEXT).isPresent(), step("log", step -> step.log(step.get(TEXT)))));

      assertThat(trial.outcome()).hasToString("SUCCEEDED");
      assertThat(trial.log("log")).isEqualTo("one[1, 2]\n");
      assertThat(trial.finished("text").outputs()).containsEntry("text", "\"one[1, 2]\"");
    }

    @Test
    void anOutputNobodySetIsAnErrorThatSaysWhatToDo() {
      trial.run(step("a", step -> step.log(step.get(TEXT))));

      assertThat(trial.outcome()).hasToString("ERRORED");
      assertThat(trial.reason()).contains("'text' is read before any step has set it");
    }
  }

  @Test
  void onlyTheSelectedStepRuns() {
    trial.only("s/b").run(ok("a"), onBranch("other", stage("s", ok("b"), ok("c"))));

    assertThat(trial.endings())
        .containsExactly("a=SKIPPED", "s/b=SUCCEEDED", "s/c=SKIPPED", "s=SUCCEEDED");
  }

  @Test
  void bodiesThatIgnoreTheirInterruptAreLeftBehind() {
    trial.grace = Duration.ofMillis(1);
    CountDownLatch never = new CountDownLatch(1);
    trial.run(
        step(
                "a",
                _ -> {
                  while (never.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                })
            .timeout(Duration.ofMillis(20)),
        ok("b"));
    never.countDown();

    assertThat(trial.endings()).containsExactly("a=TIMED_OUT", "b=SKIPPED");
  }
}
