package dev.pipewright.engine.execute;

import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.waiting.ParkedException;
import dev.pipewright.engine.work.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All forking and joining of steps. Every branch is awaited, whatever happens: nothing a branch
 * does goes on after {@link #run} has returned. If a branch parks, so does the whole, once the
 * others have parked too. Confined to the thread of the container.
 *
 * <p>Branches of which nothing is left to do, because an engine before this one has done it, are
 * walked first: if one of them decides that the others end, none of these is begun again.
 */
final class Branches {
  private final StepRun execution;
  private final List<PlannedStep> steps;
  private final Scope scope;
  private final int atMost;
  private final Predicate<Ending.Of> ends;
  private final String endReason;
  private final AtomicReferenceArray<Ending.Of> endings;
  private final AtomicBoolean decided = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

  /**
   * Branches of one container.
   *
   * @param atMost how many run at once; null for no limit
   * @param ends whether the ending of one branch makes the others end
   * @param endReason what the others are told then
   */
  Branches(
      StepRun execution,
      Scope scope,
      @Nullable Integer atMost,
      Predicate<Ending.Of> ends,
      String endReason) {
    this.execution = execution;
    this.steps = execution.step().steps();
    this.scope = scope;
    this.atMost = atMost == null ? steps.size() : atMost;
    this.ends = ends;
    this.endReason = endReason;
    this.endings = new AtomicReferenceArray<>(steps.size());
  }

  /** True once a branch has decided that the others end. */
  boolean isDecided() {
    return decided.get();
  }

  /** Runs every branch and returns how each one ended, in the order they were written. */
  List<Ending.Of> run() {
    try (Cancellation together = scope.cancellation().child()) {
      Scope inside = scope.with(together);
      String culprit = scope.history().note(execution.step().key(), Note.DECIDED);
      if (culprit != null) {
        decided.set(true);
        together.cancel(endReason.formatted(culprit));
      }
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < steps.size(); i++) {
        if (scope.history().isComplete(steps.get(i))) {
          branch(i, inside);
        } else {
          left.add(i);
        }
      }
      if (!left.isEmpty()) {
        fork(left, inside);
      }
    }
    List<Ending.Of> all = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      all.add(endings.get(i));
    }
    return all;
  }

  /** Runs branches on threads of their own; this branch is not alive while they are. */
  private void fork(List<Integer> left, Scope inside) {
    Activity activity = scope.run().activity();
    int threads = Math.min(atMost, left.size());
    AtomicInteger next = new AtomicInteger();
    AtomicInteger alive = new AtomicInteger(threads);
    CountDownLatch running = new CountDownLatch(threads);
    activity.begin(threads - 1);
    for (int i = 0; i < threads; i++) {
      Thread.ofVirtual()
          .name("branch-", i)
          .start(
              () -> {
                try {
                  work(left, next, inside);
                } finally {
                  if (alive.decrementAndGet() > 0) {
                    activity.end();
                  }
                  running.countDown();
                }
              });
    }
    awaitAll(running);
    Throwable first = thrown.get();
    switch (first) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }

  /** Runs one branch after the other until none is left, or the run parks. */
  private void work(List<Integer> left, AtomicInteger next, Scope inside) {
    try {
      for (int i = next.getAndIncrement();
          i < left.size() && thrown.get() == null;
          i = next.getAndIncrement()) {
        branch(left.get(i), inside);
      }
    } catch (ParkedException e) {
      thrown.compareAndSet(null, e);
    } catch (RuntimeException | Error e) {
      thrown.set(e);
      inside.cancellation().cancel("the engine failed");
    }
  }

  private void branch(int index, Scope inside) {
    PlannedStep step = steps.get(index);
    Ending.Of ended = new Ending.Of(step, StepExecution.run(step, inside));
    endings.set(index, ended);
    if (ends.test(ended) && decided.compareAndSet(false, true)) {
      execution.note(Note.DECIDED, step.shownName());
      inside.cancellation().cancel(endReason.formatted(step.shownName()));
    }
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
