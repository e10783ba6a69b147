package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.expand;
import static dev.pipewright.dsl.Steps.inParallel;
import static dev.pipewright.dsl.Steps.inParallelFor;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Step;
import dev.pipewright.dsl.Task;
import dev.pipewright.protocol.event.RunEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How large a pipeline may be, and that it then still works; prints how long it took. */
@Timeout(180)
final class LimitsTest {
  private final Trial trial;
  private final AtomicInteger done = new AtomicInteger();

  LimitsTest(@TempDir Path workspace) {
    this.trial = new Trial(workspace);
  }

  private Task ok(String name) {
    return step(name, _ -> done.incrementAndGet());
  }

  private void timed(String what, Runnable work) {
    long begin = System.nanoTime();
    work.run();
    System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
  }

  @Test
  void aThousandStepsInARow() {
    Step[] rest = IntStream.range(1, 1000).mapToObj(i -> ok("s" + i)).toArray(Step[]::new);
    timed("1,000 bodies in a row", () -> trial.run(ok("s0"), rest));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertThat(done).hasValue(1000);
  }

  @Test
  void twoHundredStepsAtTheSameTime() {
    CountDownLatch all = new CountDownLatch(200);
    timed(
        "200 bodies at the same time",
        () ->
            trial.run(
                inParallelFor(
                    IntStream.range(0, 200).boxed().toList(),
                    i ->
                        step(
                            "s" + i,
                            _ -> {
                              all.countDown();
                              all.await();
                            }))));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
  }

  @Test
  void fiftyLevels() {
    Step nested = ok("deepest");
    for (int level = 50; level > 0; level--) {
      nested = level % 2 == 0 ? stage("s" + level, nested) : inParallel(nested, ok("o" + level));
    }
    Step all = nested;
    timed("50 levels", () -> trial.run(all));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertThat(done).hasValue(26);
  }

  @Test
  void nothingOneAndAThousandStepsThatWereFoundOnTheWay() {
    for (int count : List.of(0, 1, 1000)) {
      timed(
          "expand of " + count,
          () ->
              trial.run(
                  expand("e", _ -> IntStream.range(0, count).mapToObj(i -> ok("s" + i)).toList())));

      assertThat(trial.outcome()).hasToString("SUCCEEDED");
    }
    assertThat(done).hasValue(1001);
    assertThat(trial.recorder.events().stream().filter(RunEvent.StepExpanded.class::isInstance))
        .extracting(event -> ((RunEvent.StepExpanded) event).steps().size())
        .containsExactly(0, 1, 1000);
  }

  @Test
  void moreStepsThanThatAreRefused() {
    trial.run(
        expand("e", _ -> IntStream.range(0, 1001).mapToObj(i -> ok("s" + i)).toList()), ok("z"));

    assertThat(trial.outcome()).hasToString("ERRORED");
    assertThat(trial.reason()).contains("The code gave 1,001 steps, but at most 1,000 are run.");
    assertThat(done).hasValue(0);
  }

  @Test
  void wrongStepsAreRefusedWithAllProblems() {
    trial.run(expand("e", _ -> List.of(ok("a"), ok("a"), stage("b", ok("c").attempts(0)))));

    assertThat(trial.outcome()).hasToString("ERRORED");
    assertThat(trial.reason())
        .contains("two steps named 'e/a'")
        .contains("attempts counts all tries");
    assertThat(done).hasValue(0);
  }
}
