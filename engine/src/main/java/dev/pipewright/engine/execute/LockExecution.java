package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.waiting.Locks;
import dev.pipewright.engine.waiting.ParkedException;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds the locks of a step around everything else of it, what ensures it included. Several locks
 * are taken in the order of their names, so that two steps never wait for each other. They are
 * given back however the step ends, but not when the run parks or another engine goes on with it:
 * then they stay with the run.
 */
final class LockExecution {
  private static final String NAMES = "PIPEWRIGHT_LOCK";

  private final PlannedStep step;
  private final Scope scope;
  private final Locks locks;
  private final List<String> names;
  private final List<String> grants = new ArrayList<>();

  private LockExecution(PlannedStep step, Scope scope, SortedSet<String> names) {
    this.step = step;
    this.scope = scope;
    this.locks = scope.run().surroundings().locks();
    this.names = List.copyOf(names);
  }

  static Ending run(PlannedStep step, Scope scope, Function<Scope, Ending> work) {
    SortedSet<String> names = names(step);
    if (names.isEmpty()) {
      return work.apply(scope);
    }
    LockExecution execution = new LockExecution(step, scope, names);
    if (scope.history().isComplete(step)) {
      Ending ending = work.apply(scope);
      execution.release();
      return ending;
    }
    return execution.run(work);
  }

  /** Gives back what an engine before this one has not. */
  static void releaseAll(PlannedStep step, Scope scope) {
    SortedSet<String> names = names(step);
    if (!names.isEmpty()) {
      new LockExecution(step, scope, names).release();
    }
  }

  private static SortedSet<String> names(PlannedStep step) {
    SortedSet<String> names = new TreeSet<>();
    if (step.node().word() instanceof Word.WithLock word) {
      names.add(word.lock());
    }
    names.addAll(step.node().modifiers().locks());
    return names;
  }

  private Ending run(Function<Scope, Ending> work) {
    Ending ending;
    try {
      Ending missing = takeAll();
      ending = missing == null ? work.apply(scope.with(variables())) : unlocked(missing, work);
    } catch (ParkedException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
    release();
    return ending;
  }

  /** Takes every lock; an ending if one cannot be had. */
  private @Nullable Ending takeAll() {
    for (String name : names) {
      try {
        Ending missing = take(name);
        if (missing != null) {
          return missing;
        }
      } catch (IOException e) {
        return Ending.errored(
            "The lock '%s' could not be asked for: %s".formatted(name, e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Ending.cancelled("interrupted");
      }
    }
    return null;
  }

  private @Nullable Ending take(String name) throws IOException, InterruptedException {
    String key = key(name);
    LockAnswer answer = locks.request(name, key);
    if (answer.granted()) {
      grants.add(Long.toString(answer.grant()));
      return null;
    }
    if (scope.isCancelled()) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    String forWhat =
        answer.owner() == null ? name : "%s, held by %s".formatted(name, answer.owner());
    Wait what = new Wait(Wait.Kind.LOCK, forWhat, List.of(), List.of(), scope.deadline());
    Answer come =
        Answers.await(
            new Waits.Request(key, step.path(), what, scope.history().isWaiting(key)), scope);
    if (come == null) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    scope.run().reporter().event(Note.WAITED.event(key, come.verdict().name()));
    return switch (come.verdict()) {
      case GRANTED -> {
        grants.add(come.values().getOrDefault("grant", "0"));
        yield null;
      }
      case EXPIRED -> Answers.expired(scope);
      case APPROVED, REJECTED, ENDED, FAILED -> Ending.errored(Answers.odd(come));
    };
  }

  /**
   * What becomes of a step that cannot have its locks. One that was begun by an engine before this
   * one is at least ended in order.
   */
  private Ending unlocked(Ending missing, Function<Scope, Ending> work) {
    if (scope.isCancelled() && scope.history().hasBegun(step)) {
      return work.apply(scope.with(variables()));
    }
    if (missing.isBroken()) {
      if (step.path() == null) {
        scope.run().reporter().event(Note.ENDED.event(step.key(), StepExecution.written(missing)));
      }
      Ending skipped = Ending.skipped("the lock could not be had");
      step.inside().forEach(each -> StepExecution.neverBegun(each, scope, skipped));
      new StepRun(step, scope).finished(missing);
      return missing;
    }
    return StepExecution.neverBegun(step, scope, missing);
  }

  /** The locks that are held where {@code scope} is. */
  static List<String> held(Scope scope) {
    String names = scope.environment().get(NAMES);
    return names == null ? List.of() : List.of(names.split(",", -1));
  }

  private Map<String, String> variables() {
    String outer = scope.environment().get(NAMES);
    String fences = scope.environment().get("PIPEWRIGHT_LOCK_FENCE");
    String all = String.join(",", names.subList(0, grants.size()));
    String granted = String.join(",", grants);
    return outer == null
        ? Map.of(NAMES, all, "PIPEWRIGHT_LOCK_FENCE", granted)
        : Map.of(NAMES, outer + "," + all, "PIPEWRIGHT_LOCK_FENCE", fences + "," + granted);
  }

  private String key(String name) {
    return scope.waitKey(step, "lock " + name);
  }

  /** Gives everything back; nobody is told if nothing may be said any more. */
  private void release() {
    if (scope.run().abort().isCancelled()) {
      return;
    }
    for (String name : names.reversed()) {
      try {
        locks.release(name, key(name));
      } catch (IOException e) {
        // The end of the attempt gives it back.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
