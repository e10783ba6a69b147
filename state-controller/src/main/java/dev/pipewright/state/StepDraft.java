package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.StepState;
import dev.pipewright.state.RunAttempt.Expansion;
import dev.pipewright.state.RunAttempt.Told;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one attempt while they change: their states, what they wait for, what was answered,
 * and the steps that became known on the way. Pure, confined to one thread.
 */
final class StepDraft {
  private final Plan planned;
  private final Map<StepPath, StepSnapshot> steps = new LinkedHashMap<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Map<String, OpenWait> waits = new LinkedHashMap<>();
  private final Map<StepPath, Expansion> expansions = new LinkedHashMap<>();
  private Plan plan;
  private long noted;

  /** Continues with what is known of {@code run}. */
  StepDraft(RunRecord run) {
    this.planned = run.order().plan();
    Told told = run.attempt().told();
    run.steps().forEach(step -> steps.put(step.path(), step));
    told.answers().forEach(answer -> answers.put(answer.key(), answer));
    told.waits().forEach(wait -> waits.put(wait.key(), wait));
    told.expansions().forEach(expansion -> expansions.put(expansion.path(), expansion));
    this.noted = told.noted();
    this.plan = RunPlans.with(planned, told.expansions());
  }

  /** Nothing of this plan was done. */
  StepDraft(Plan planned) {
    this.planned = planned;
    this.plan = planned;
    pending(planned).forEach(step -> steps.put(step.path(), step));
  }

  /** The steps of a plan of which nothing has happened yet. */
  static List<StepSnapshot> pending(Plan plan) {
    return plan.addressedSteps().stream().map(StepChange::pending).toList();
  }

  List<StepSnapshot> steps() {
    return List.copyOf(steps.values());
  }

  Told told() {
    return new Told(
        List.copyOf(answers.values()),
        List.copyOf(waits.values()),
        List.copyOf(expansions.values()),
        noted);
  }

  /** Takes over what an engine told of a step; true if that one is newly finished. */
  boolean take(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.StepFinished finished -> {
        return finish(finished, at);
      }
      case RunEvent.StepStarted started -> begin(started, at);
      case RunEvent.StepsReset reset -> reset(reset);
      case RunEvent.StepExpanded expanded -> expand(expanded);
      case RunEvent.StepWaiting waiting -> await(waiting, at);
      case RunEvent.TestsFound found -> tests(found);
      case RunEvent.Noted noted -> note(noted);
      case RunEvent.RunStarted _, RunEvent.RunResumed _ -> {}
      case RunEvent.RunWaiting _, RunEvent.RunFinished _ -> {}
    }
    return false;
  }

  private void begin(RunEvent.StepStarted event, Instant at) {
    endWaits(event.path());
    put(StepChange.begun(known(event.path()), event.attempt(), at));
  }

  private boolean finish(RunEvent.StepFinished event, Instant at) {
    endWaits(event.path());
    StepSnapshot old = known(event.path());
    put(StepChange.ended(old, event.outcome(), event.reason(), event.artifacts(), at));
    return old.finishedAt() == null;
  }

  private void tests(RunEvent.TestsFound event) {
    StepSnapshot old = known(event.path());
    boolean waited = endWaits(event.path());
    put(StepChange.tested(waited ? StepChange.waited(old) : old, event.counts(), event.report()));
  }

  private void note(RunEvent.Noted event) {
    noted += RunChecks.ENTRY + event.key().length() + event.value().length();
    OpenWait wait = waits.remove(event.key());
    StepPath path = wait == null ? null : wait.path();
    StepSnapshot step = path == null ? null : steps.get(path);
    if (step != null && step.state() == Phase.WAITING) {
      put(StepChange.waited(step));
    }
  }

  /** A wait that is told of again is the same one, unless something has happened to its step. */
  private void await(RunEvent.StepWaiting event, Instant at) {
    OpenWait same = waits.get(event.key());
    if (same == null && event.what().isForPeople()) {
      answers.remove(event.key());
    }
    StepPath path = event.path();
    if (path != null) {
      waits.values().removeIf(wait -> path.equals(wait.path()) && !wait.key().equals(event.key()));
      put(
          StepChange.in(
              StepChange.waited(known(path)), new StepState.Waiting(event.what().forWhat())));
    }
    Instant since = same == null ? at : same.since();
    waits.put(event.key(), new OpenWait(event.key(), path, event.what(), since));
  }

  /** The run waits for this, and none of its steps does. */
  void hold(OpenWait wait) {
    waits.put(wait.key(), wait);
  }

  /** That is waited for no longer. */
  void letGo(String key) {
    waits.remove(key);
  }

  private void reset(RunEvent.StepsReset event) {
    Predicate<StepPath> inside =
        path -> event.paths().stream().anyMatch(top -> top.equals(path) || top.contains(path));
    String below = event.key() + "/";
    steps.replaceAll(
        (path, step) ->
            inside.test(path) ? StepChange.pending(path, step.kind(), step.allowFailure()) : step);
    answers.keySet().removeIf(key -> key.startsWith(below));
    waits
        .values()
        .removeIf(
            wait ->
                wait.key().startsWith(below) || (wait.path() != null && inside.test(wait.path())));
  }

  /** Puts steps into the plan, in the place of those an expansion before this one has made. */
  private void expand(RunEvent.StepExpanded event) {
    StepPath path = event.path();
    if (endWaits(path)) {
      put(StepChange.waited(known(path)));
    }
    expansions.keySet().removeIf(path::contains);
    expansions.put(path, new Expansion(path, event.steps()));
    plan = RunPlans.with(planned, List.copyOf(expansions.values()));
    Map<StepPath, StepSnapshot> before = new LinkedHashMap<>(steps);
    steps.clear();
    for (PlanStep step : plan.addressedSteps()) {
      StepSnapshot fresh = StepChange.pending(step);
      StepSnapshot old = before.remove(fresh.path());
      steps.putIfAbsent(fresh.path(), old == null ? fresh : old);
    }
    before.values().stream().filter(old -> !path.contains(old.path())).forEach(this::put);
    waits.values().removeIf(wait -> wait.path() != null && !steps.containsKey(wait.path()));
  }

  /** Stores an answer; false, and nothing changed, if its wait has one. */
  boolean answer(Answer answer) {
    return answers.putIfAbsent(answer.key(), answer) == null;
  }

  @Nullable Answer answer(String key) {
    return answers.get(key);
  }

  /** True if something that is waited for was answered. */
  boolean isAnswered() {
    return waits.keySet().stream().anyMatch(answers::containsKey);
  }

  boolean isEnsureLeft() {
    return RunPlans.isEnsureLeft(plan, steps);
  }

  /** Gives containers the states that follow from what they hold. */
  void fold() {
    Set<StepPath> waiting =
        waits.values().stream()
            .map(OpenWait::path)
            .filter(path -> path != null && steps.containsKey(path))
            .collect(Collectors.toSet());
    StepFold.fold(plan, steps, waiting);
  }

  /** Throws TOO_LARGE if this is more than the record of a run can hold. */
  void weigh() {
    RunChecks.weight(steps.values(), told());
  }

  /** Everything is over: what nobody told the end of ends as the run did. */
  void close(Outcome run, Instant at) {
    waits.clear();
    for (StepSnapshot step : steps()) {
      if (step.finishedAt() == null) {
        put(StepChange.ended(step, leftOver(step, run), null, step.artifacts(), at));
      }
    }
  }

  private static Outcome leftOver(StepSnapshot step, Outcome run) {
    Outcome folded = step.outcome();
    if (folded != null) {
      return folded;
    }
    return step.state() == Phase.PENDING ? Outcome.SKIPPED : closing(run);
  }

  /** What a step that nobody finished gets: never a success. */
  private static Outcome closing(Outcome run) {
    return switch (run) {
      case SUCCEEDED, SKIPPED -> Outcome.ERRORED;
      case FAILED, ERRORED, TIMED_OUT, CANCELLED -> run;
    };
  }

  private boolean endWaits(StepPath path) {
    return waits.values().removeIf(wait -> path.equals(wait.path()));
  }

  private void put(StepSnapshot step) {
    steps.put(step.path(), step);
  }

  /** Steps that no plan knew are kept too, after all others. */
  private StepSnapshot known(StepPath path) {
    StepSnapshot old = steps.get(path);
    return old != null ? old : StepChange.pending(path, "step", false);
  }
}
