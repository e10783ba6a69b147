package dev.pipewright.test.play;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.waiting.Downstreams;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lies outside of the engines of one run and outlives them: the time, what they have told, the
 * people who answer, and the moments when engines are lost. Thread-safe.
 */
final class World {
  private static final Instant BEGIN = Instant.parse("2026-01-05T09:00:00Z");
  private static final Duration DOWNSTREAM = Duration.ofMinutes(1);
  private static final Duration HALFWAY = Duration.ofMillis(500);

  private final Scenario scenario;
  private final VirtualTime time = new VirtualTime(BEGIN);
  private final Ledger ledger = new Ledger();
  private final Turns turns = new Turns();
  private final MemoryLocks locks = new MemoryLocks(this);
  private final People people;
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Set<String> started = new HashSet<>();
  private final Map<StepPath, Outcome> ends = new HashMap<>();
  private final Map<String, Boolean> cancels;
  private final List<Crash> crashes;

  /** Steps that do no work of their own. */
  private final Set<StepPath> waiting = new HashSet<>();

  private @Nullable Launch launch;
  private @Nullable String cancelled;
  private boolean workspaceLost;
  private int attempt;

  World(Scenario scenario, Planned planned) {
    this.scenario = scenario;
    planned.steps().forEach(step -> step.visit(this::learn));
    this.people = new People(scenario);
    this.cancels = new LinkedHashMap<>(scenario.cancels);
    this.crashes = new ArrayList<>(scenario.crashes);
    scenario.heldLocks.forEach((lock, length) -> locks.hold(lock, BEGIN.plus(length)));
  }

  private void learn(PlannedStep step) {
    boolean task =
        switch (step.node().word()) {
          case Word.Checkout _, Word.Shell _, Word.Exec _, Word.Code _ -> true;
          default -> false;
        };
    if (!task && step.path() != null) {
      waiting.add(step.path());
    }
  }

  VirtualTime time() {
    return time;
  }

  Ledger ledger() {
    return ledger;
  }

  Turns turns() {
    return turns;
  }

  MemoryLocks locks() {
    return locks;
  }

  /** Another engine begins; it gets the answers there are. */
  synchronized List<Answer> begin(Launch next) {
    launch = next;
    return List.copyOf(answers.values());
  }

  /** An answer has come. */
  void answer(Answer answer) {
    Launch current;
    synchronized (this) {
      if (answers.putIfAbsent(answer.key(), answer) != null) {
        return;
      }
      current = launch;
    }
    if (current != null) {
      current.waits().answered(List.of(answer));
    }
  }

  /** What an engine hears when it asks whether there is something new. */
  synchronized void orders(Life life) {
    if (cancelled != null) {
      life.cancellation().cancel(cancelled);
    }
  }

  /** True if the engine is lost before it can tell anything more. */
  synchronized boolean crashesBefore() {
    for (Crash crash : crashes) {
      if (crash.when() == Crash.Moment.BEFORE_NEXT_EVENT && ledger.events() >= crash.events()) {
        happened(crash);
        return true;
      }
    }
    return false;
  }

  /** True if the engine is lost once it has told this. */
  synchronized boolean crashesAfter(RunEvent event) {
    for (Crash crash : crashes) {
      boolean now =
          switch (crash.when()) {
            case AFTER_EVENTS -> ledger.events() >= crash.events();
            case AFTER_STEP ->
                event instanceof RunEvent.StepFinished end
                    && end.path().value().equals(crash.step());
            case DURING_STEP ->
                event instanceof RunEvent.StepStarted start
                    && start.path().value().equals(crash.step())
                    && waiting.contains(start.path());
            case BEFORE_NEXT_EVENT -> false;
          };
      if (now) {
        happened(crash);
        return true;
      }
    }
    return false;
  }

  /** True if the engine is lost once the work of the task is done. */
  synchronized boolean crashesIn(StepPath step) {
    for (Crash crash : crashes) {
      if (crash.when() == Crash.Moment.DURING_STEP && step.value().equals(crash.step())) {
        happened(crash);
        return true;
      }
    }
    return false;
  }

  private void happened(Crash crash) {
    crashes.remove(crash);
    workspaceLost |= crash.workspace();
  }

  /** The moments that were to be and have not come. */
  synchronized List<Crash> missedCrashes() {
    return List.copyOf(crashes);
  }

  /** True once after the workspace was lost. */
  synchronized boolean takeLoss() {
    boolean lost = workspaceLost;
    workspaceLost = false;
    return lost;
  }

  /** Reacts to what an engine has told. */
  void told(RunEvent event, Life life) {
    switch (event) {
      case RunEvent.RunStarted start -> {
        attempted(start.attempt());
        orders(life);
      }
      case RunEvent.StepStarted start -> cancel(start.path(), true);
      case RunEvent.StepFinished end -> {
        if (cancel(end.path(), false)) {
          orders(life);
        }
      }
      case RunEvent.StepWaiting wait -> {
        int current = attempt();
        People.Plan plan = people.plan(wait, time.now(), this::end);
        if (plan != null) {
          time.outside(plan.at(), () -> answered(plan, wait, current));
        }
      }
      default -> {}
    }
  }

  private void answered(People.Plan plan, RunEvent.StepWaiting wait, int asked) {
    if (asked != attempt()) {
      return;
    }
    StepPath step = wait.path();
    String end = plan.answer().values().get(People.END);
    if (step != null && end != null && wait.what().kind() == Wait.Kind.UNKNOWN_END) {
      ledger.add(new Ledger.Said(step, end));
    }
    answer(plan.answer());
  }

  private synchronized int attempt() {
    return attempt;
  }

  private synchronized void attempted(int number) {
    attempt = number;
    answers.clear();
    started.clear();
    locks.forget();
  }

  /** Cancels the run if that was to be now; what has begun is cancelled halfway. */
  private synchronized boolean cancel(StepPath step, boolean begun) {
    if (!cancels.remove(step.value(), begun)) {
      return false;
    }
    if (begun) {
      time.outside(time.now().plus(HALFWAY), this::cancelNow);
      return false;
    }
    cancelled = People.CANCELLED;
    return true;
  }

  private void cancelNow() {
    Launch current;
    synchronized (this) {
      cancelled = People.CANCELLED;
      current = launch;
    }
    if (current != null) {
      orders(current.life());
    }
  }

  /** How much there is that an engine could be told; grows with everything new. */
  synchronized int news() {
    return answers.size() + (cancelled == null ? 0 : 1);
  }

  /** The work of a task begins. */
  synchronized void performs(int number, StepPath step) {
    ledger.add(new Ledger.Performed(number, step));
    ends.remove(step);
  }

  /** The work of a task was done to its end. */
  synchronized void performed(StepPath step, Outcome outcome) {
    ends.put(step, outcome);
  }

  /** How the work of a task ended last; null if it did not. */
  private synchronized @Nullable Outcome end(StepPath step) {
    return ends.get(step);
  }

  /** Starts a run of another pipeline, once for a key. */
  String start(Downstreams.Wish wish) {
    String run = wish.pipeline() + "#1";
    synchronized (this) {
      if (!started.add(wish.key())) {
        return "found " + run;
      }
      ledger.add(new Ledger.Started(wish.pipeline(), wish.parameters()));
    }
    if (wish.awaited()) {
      int current = attempt();
      Outcome outcome = scenario.downstreams.getOrDefault(wish.pipeline(), Outcome.SUCCEEDED);
      Instant at = time.now().plus(DOWNSTREAM);
      Answer ended =
          new Answer(
              wish.key(),
              Answer.Verdict.ENDED,
              null,
              null,
              at,
              Map.of("run", run, "outcome", outcome.name()));
      time.outside(
          at,
          () -> {
            if (current == attempt()) {
              answer(ended);
            }
          });
    }
    return "started " + run;
  }
}
