package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.anyOf;
import static dev.pipewright.dsl.Steps.approval;
import static dev.pipewright.dsl.Steps.choose;
import static dev.pipewright.dsl.Steps.expand;
import static dev.pipewright.dsl.Steps.inParallel;
import static dev.pipewright.dsl.Steps.onBranch;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.Parallel;
import dev.pipewright.dsl.Step;
import dev.pipewright.dsl.Task;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an engine does with the events of one that was lost: each test runs a pipeline, forgets
 * everything after one event, and lets another engine go on.
 */
@Timeout(180)
final class ContinuedTest {
  private final Path workspace;
  private final Trial lost;
  private final Trial next;
  private final List<String> done = new CopyOnWriteArrayList<>();

  ContinuedTest(@TempDir Path workspace) {
    this.workspace = workspace;
    this.lost = new Trial(workspace);
    this.next = new Trial(workspace);
  }

  private Task ok(String name) {
    return step(name, _ -> done.add(name));
  }

  private Task fails(String name) {
    return step(
        name,
        context -> {
          done.add(name);
          throw context.failure("no");
        });
  }

  private static Predicate<RunEvent> started(String path) {
    return event -> event instanceof RunEvent.StepStarted e && e.path().value().equals(path);
  }

  private static Predicate<RunEvent> started(String path, int attempt) {
    return event ->
        event instanceof RunEvent.StepStarted e
            && e.path().value().equals(path)
            && e.attempt() == attempt;
  }

  private static Predicate<RunEvent> finished(String path) {
    return event -> event instanceof RunEvent.StepFinished e && e.path().value().equals(path);
  }

  private static Predicate<RunEvent> noted(String value) {
    return event -> event instanceof RunEvent.Noted e && e.value().startsWith(value);
  }

  /** Runs the steps, loses the engine after {@code last}, and runs them again. */
  private Trial lose(Predicate<RunEvent> last, Step first, Step... rest) {
    lost.run(first, rest);
    done.clear();
    return next.after(lost, last).run(first, rest);
  }

  @Test
  void finishedStepsArePassedOverAndTheRunningOneIsDoneOnceMore() {
    lose(started("s/b"), ok("a"), stage("s", ok("b"), ok("c")), ok("d"));

    assertThat(done).containsExactly("b", "c", "d");
    assertThat(next.started()).containsExactly("s/b#1", "s/c#1", "d#1");
    assertThat(next.endings())
        .containsExactly("s/b=SUCCEEDED", "s/c=SUCCEEDED", "s=SUCCEEDED", "d=SUCCEEDED");
    assertThat(next.recorder.events().getFirst()).isEqualTo(new RunEvent.RunResumed("test"));
    assertThat(next.log("s/b")).contains("[continued by another engine");
  }

  @Test
  void outputsOfFinishedStepsAreThere() {
    Output<String> version = Output.text("version");

    lose(
        finished("a"),
        step("a", step -> step.set(version, "v1")),
        step("b", step -> step.log(step.get(version))));

    assertThat(next.log("b")).isEqualTo("v1\n");
  }

  @Test
  void aRunThatWasOverButForItsLastWordEndsTheSame() {
    lose(finished("b"), ok("a"), fails("b"), ok("c"));

    assertThat(done).isEmpty();
    assertThat(next.endings()).containsExactly("c=SKIPPED");
    assertThat(next.reason()).isEqualTo("b: no");
  }

  @Test
  void aConditionIsNotAskedAgain() {
    AtomicInteger asked = new AtomicInteger();

    lose(noted("answer"), choose(_ -> asked.incrementAndGet() == 1, ok("then"), ok("else")));

    assertThat(asked).hasValue(1);
    assertThat(done).containsExactly("then");
    assertThat(next.endings()).containsExactly("else=SKIPPED", "then=SUCCEEDED");
  }

  @Test
  void aWinnerOfThePastCancelsBeforeAnythingIsBegunAgain() throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    Step race =
        anyOf(
            step("slow", _ -> other.await()),
            step("quick", _ -> lost.recorder.await(started("slow"))),
            ok("late"));
    lost.run(race);
    done.clear();

    next.after(lost, noted("decided")).run(race);

    assertThat(next.outcome()).hasToString("SUCCEEDED");
    assertThat(next.started()).isEmpty();
  }

  @Test
  void aWinnerThatWasNotYetNotedWinsAllTheSame() {
    Step race = anyOf(step("slow", _ -> new CountDownLatch(1).await()), ok("quick"));
    lost.run(race);

    next.after(lost, finished("quick")).run(race);

    assertThat(next.outcome()).hasToString("SUCCEEDED");
    assertThat(next.started()).isEmpty();
    assertThat(next.endings()).containsExactly("slow=CANCELLED");
  }

  @Test
  void theFirstFailureOfThePastEndsTheOthersWhichAreStillEnsured() {
    Step both =
        inParallel(
                step("slow", _ -> new CountDownLatch(1).await())
                    .onFailure(ok("never"))
                    .ensure(ok("sweep")),
                step(
                    "bad",
                    context -> {
                      lost.recorder.await(started("slow"));
                      throw context.failure("no");
                    }),
                ok("unborn").ensure(ok("unwanted")))
            .failFast();
    lost.run(((Parallel) both).atMost(2));
    done.clear();

    next.after(lost, noted("decided")).run(((Parallel) both).atMost(2));

    assertThat(next.outcome()).hasToString("FAILED");
    assertThat(done).containsExactly("sweep");
    assertThat(next.endings())
        .containsExactlyInAnyOrder(
            "slow/never=SKIPPED",
            "slow/sweep=SUCCEEDED",
            "slow=CANCELLED",
            "unborn/unwanted=CANCELLED",
            "unborn=CANCELLED");
  }

  @Test
  void theWorkIsNotDoneAgainWhileItsEnsureRuns() {
    lose(started("a/sweep"), ok("a").ensure(ok("sweep")));

    assertThat(done).containsExactly("sweep");
    assertThat(next.endings()).containsExactly("a/sweep=SUCCEEDED", "a=SUCCEEDED");
  }

  @Test
  void outputsOfWorkThatIsOverAreThereThoughItsEnsureIsRepeated() {
    Output<String> version = Output.text("version");
    Step set = step("a", step -> step.set(version, "v 1")).ensure(ok("sweep"));

    lose(started("a/sweep"), set, step("b", step -> step.log(step.get(version))));

    assertThat(next.log("b")).isEqualTo("v 1\n");
    assertThat(next.finished("a").outputs()).containsEntry("version", "\"v 1\"");
  }

  @Test
  void attemptsAreNotCountedAnew() {
    lose(started("a", 2), fails("a").attempts(3));

    assertThat(next.started()).containsExactly("a#2", "a#3");
  }

  @Test
  void anAttemptThatWasBrokenIsNotRepeated() {
    lose(noted("broken 2"), fails("a").attempts(3));

    assertThat(next.started()).containsExactly("a#3");
  }

  @Test
  void theSecondAttemptOfAContainerForgetsTheFirst() {
    lost.run(stage("s", ok("first"), inParallel(fails("bad"), ok("good"))).attempts(2));

    assertThat(lost.recorder.events())
        .contains(
            new RunEvent.StepsReset(
                "s",
                List.of(new StepPath("s/first"), new StepPath("s/bad"), new StepPath("s/good"))));
    assertThat(done).hasSize(6);
  }

  @Test
  void aContainerThatWasResetBeginsItsNextAttempt() {
    AtomicInteger tries = new AtomicInteger();
    Step group =
        stage(
                "s",
                ok("first"),
                step(
                    "flaky",
                    context -> {
                      if (tries.incrementAndGet() == 1) {
                        throw context.failure("not yet");
                      }
                    }))
            .attempts(2);

    lose(RunEvent.StepsReset.class::isInstance, group);

    assertThat(next.started()).containsExactly("s#2", "s/first#1", "s/flaky#1");
  }

  @Test
  void theTimeOfAContainerCountsFromItsFirstBegin() {
    Step slow = stage("s", ok("a"), ok("b")).timeout(Duration.ofHours(1));
    lost.run(slow);

    next.after(lost, started("s/b"), Duration.ofHours(2)).run(slow);

    assertThat(next.outcome()).hasToString("TIMED_OUT");
    assertThat(next.started()).isEmpty();
    assertThat(next.endings()).containsExactly("s/b=CANCELLED", "s=TIMED_OUT");
  }

  @Test
  void aContainerWhoseStepsWereDoneInTimeIsNotTimedOutLater() {
    Step quick = stage("s", ok("a")).timeout(Duration.ofHours(1));
    lost.run(quick);

    next.after(lost, finished("s/a"), Duration.ofHours(2)).run(quick);

    assertThat(next.outcome()).hasToString("SUCCEEDED");
  }

  @Test
  void aTaskThatIsDoneOnceMoreHasItsWholeTime() {
    Step task = ok("a").timeout(Duration.ofHours(1));
    lost.run(task);

    next.after(lost, started("a"), Duration.ofHours(2)).run(task);

    assertThat(next.outcome()).hasToString("SUCCEEDED");
  }

  @Test
  void expandedStepsAreGoneOnWithAndOtherOnesAreRefused() {
    lose(finished("e/one"), expand("e", _ -> List.of(ok("one"), ok("two"))));

    assertThat(done).containsExactly("two");
    assertThat(next.recorder.events()).noneMatch(RunEvent.StepExpanded.class::isInstance);

    Trial other = new Trial(workspace).after(lost, finished("e/one"));
    other.run(expand("e", _ -> List.of(ok("one"), ok("three"))));

    assertThat(other.outcome()).hasToString("ERRORED");
    assertThat(other.reason()).contains("gave other steps than before");
  }

  @Test
  void aWaitIsReportedOnceAndItsAnswerGoesOn() {
    lost.run(ok("a"), approval("ship"), ok("b"));
    assertThat(lost.parkedFor()).containsExactly("ship");
    done.clear();

    next.answers =
        List.of(
            new Answer("ship", Answer.Verdict.APPROVED, "ann", "fine", Instant.now(), Map.of()));
    next.after(lost, RunEvent.RunWaiting.class::isInstance).run(ok("a"), approval("ship"), ok("b"));

    assertThat(done).containsExactly("b");
    assertThat(next.recorder.events()).noneMatch(RunEvent.StepWaiting.class::isInstance);
    assertThat(next.finished("ship").reason()).isEqualTo("approved by ann: fine");
  }

  @Test
  void aContinuedWaitThatIsStillOpenParksAgainWithoutAWord() {
    lost.run(onBranch("main", approval("ship")));

    next.after(lost, RunEvent.RunWaiting.class::isInstance).run(onBranch("main", approval("ship")));

    assertThat(next.parkedFor()).containsExactly("/0/ship");
    assertThat(next.recorder.events())
        .containsExactly(new RunEvent.RunResumed("test"), new RunEvent.RunWaiting("ship"));
  }

  @Test
  void aSecondAttemptAsksAgainUnderAnotherKey() {
    Step group = stage("s", approval("ship")).attempts(2);
    lost.answers =
        List.of(
            new Answer("s/ship", Answer.Verdict.REJECTED, "ann", null, Instant.now(), Map.of()));

    lost.run(group);

    assertThat(lost.parkedFor()).containsExactly("s/ship//round.2");
  }
}
