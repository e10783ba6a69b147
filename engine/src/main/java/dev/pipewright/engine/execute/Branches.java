package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.step.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All forking and joining of steps. Every branch is awaited, whatever happens: nothing a branch
 * does goes on after {@link #run} has returned. Confined to the thread of the container.
 */
final class Branches {
  private final List<PlannedStep> steps;
  private final Scope scope;
  private final @Nullable Integer atMost;
  private final Predicate<Ending.Of> ends;
  private final String endReason;

  /**
   * Branches of one container.
   *
   * @param atMost how many run at once; null for no limit
   * @param ends whether the ending of one branch makes the others end
   * @param endReason what the others are told then
   */
  Branches(
      List<PlannedStep> steps,
      Scope scope,
      @Nullable Integer atMost,
      Predicate<Ending.Of> ends,
      String endReason) {
    this.steps = steps;
    this.scope = scope;
    this.atMost = atMost;
    this.ends = ends;
    this.endReason = endReason;
  }

  /** Runs every branch and returns how each one ended, in the order they were written. */
  List<Ending.Of> run() {
    AtomicReferenceArray<Ending.Of> endings = new AtomicReferenceArray<>(steps.size());
    Semaphore free = new Semaphore(atMost == null ? steps.size() : atMost);
    CountDownLatch running = new CountDownLatch(steps.size());
    try (Cancellation together = scope.cancellation().child()) {
      Scope inside = scope.with(together);
      for (int i = 0; i < steps.size(); i++) {
        int index = i;
        free.acquireUninterruptibly();
        Thread.ofVirtual()
            .name("branch-", index)
            .start(
                () -> {
                  try {
                    endings.set(index, branch(steps.get(index), inside));
                  } finally {
                    free.release();
                    running.countDown();
                  }
                });
      }
      awaitAll(running);
    }
    List<Ending.Of> all = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      Ending.Of ending = endings.get(i);
      all.add(
          ending == null
              ? new Ending.Of(steps.get(i), Ending.errored("The engine lost this branch."))
              : ending);
    }
    return all;
  }

  private Ending.Of branch(PlannedStep step, Scope inside) {
    Ending.Of ended = new Ending.Of(step, StepExecution.run(step, inside));
    if (ends.test(ended)) {
      inside.cancellation().cancel(endReason.formatted(step.shownName()));
    }
    return ended;
  }

  /** Waits for every branch; each of them ends by itself once it is cancelled. */
  private static void awaitAll(CountDownLatch running) {
    boolean interrupted = false;
    while (true) {
      try {
        running.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
