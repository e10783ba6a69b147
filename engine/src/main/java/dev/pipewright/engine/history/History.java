package dev.pipewright.engine.history;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.PlanStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a run say about its last attempt: for each node whether it is finished, was
 * begun, waits, and what was noted of it. A new engine walks the plan again and asks here before it
 * does anything. Servers, local runs and tests use the same class. Immutable.
 */
public final class History {
  /** Nothing has happened. */
  public static final History NONE = of(List.of());

  /** An attempt of a step: its number, and when it began first. */
  private record Begun(int attempt, Instant at) {}

  private record Noted(String value, Instant at) {}

  private final Map<StepPath, RunEvent.StepFinished> finished = new LinkedHashMap<>();
  private final Map<StepPath, Begun> begun = new HashMap<>();
  private final Map<String, List<Noted>> notes = new HashMap<>();
  private final Map<String, RunEvent.StepWaiting> waits = new LinkedHashMap<>();
  private final Map<StepPath, RunEvent.StepExpanded> expanded = new HashMap<>();
  private final Map<StepPath, RunEvent.TestsFound> tests = new HashMap<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private RunEvent.@Nullable RunStarted started;
  private @Nullable Instant startedAt;
  private RunEvent.@Nullable RunFinished over;

  private History() {}

  /** Replays the events of all attempts and launches, oldest first. */
  public static History of(List<EventEnvelope> events) {
    History history = new History();
    events.forEach(history::replay);
    return history;
  }

  private void replay(EventEnvelope envelope) {
    Instant at = envelope.at();
    switch (envelope.event()) {
      case RunEvent.RunStarted event -> begin(event, at);
      case RunEvent.RunResumed _, RunEvent.RunWaiting _ -> {}
      case RunEvent.RunFinished event -> over = event;
      case RunEvent.StepStarted event -> {
        Begun before = begun.get(event.path());
        if (before == null || before.attempt() != event.attempt()) {
          begun.put(event.path(), new Begun(event.attempt(), at));
        }
        waited(event.path());
      }
      case RunEvent.StepsReset event -> reset(event);
      case RunEvent.StepExpanded event -> expanded.put(event.path(), event);
      case RunEvent.Noted event -> {
        waits.remove(event.key());
        notes
            .computeIfAbsent(event.key(), _ -> new ArrayList<>())
            .add(new Noted(event.value(), at));
      }
      case RunEvent.StepWaiting event -> waits.put(event.key(), event);
      case RunEvent.TestsFound event -> tests.put(event.path(), event);
      case RunEvent.StepFinished event -> {
        finished.put(event.path(), event);
        outputs.putAll(event.outputs());
        waited(event.path());
      }
    }
  }

  private void begin(RunEvent.RunStarted event, Instant at) {
    finished.clear();
    begun.clear();
    notes.clear();
    waits.clear();
    expanded.clear();
    tests.clear();
    outputs.clear();
    over = null;
    started = event;
    startedAt = at;
  }

  private void waited(StepPath path) {
    waits.values().removeIf(wait -> path.equals(wait.path()));
  }

  private void reset(RunEvent.StepsReset event) {
    for (StepPath path : event.paths()) {
      finished.keySet().removeIf(each -> each.equals(path) || path.contains(each));
      begun.keySet().removeIf(each -> each.equals(path) || path.contains(each));
      expanded.keySet().removeIf(each -> each.equals(path) || path.contains(each));
      tests.keySet().removeIf(each -> each.equals(path) || path.contains(each));
    }
    String own = path(event.key());
    expanded.keySet().removeIf(each -> each.value().equals(own));
    notes
        .getOrDefault(event.key(), new ArrayList<>())
        .removeIf(noted -> Note.isOfAttempt(noted.value()));
    String below = event.key() + "/";
    notes.keySet().removeIf(key -> key.startsWith(below));
    waits.keySet().removeIf(key -> key.startsWith(below));
  }

  /** The path of the node with this key: its names alone; null if it has none of its own. */
  private static @Nullable String path(String key) {
    List<String> names = new ArrayList<>();
    String[] parts = key.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].isEmpty()) {
        names.add(parts[i]);
      } else if (++i == parts.length - 1) {
        return null;
      }
    }
    return String.join("/", names);
  }

  /** The number of the attempt; 0 if none has begun. */
  public int attempt() {
    return started == null ? 0 : started.attempt();
  }

  /** How the attempt began; null if none has. */
  public RunEvent.@Nullable RunStarted started() {
    return started;
  }

  /** When the attempt began; null if none has. */
  public @Nullable Instant startedAt() {
    return startedAt;
  }

  /** How the attempt ended; null as long as it has not. */
  public RunEvent.@Nullable RunFinished over() {
    return over;
  }

  /** What finished steps have left, under the names of the outputs, as JSON. */
  public Map<String, String> outputs() {
    return new LinkedHashMap<>(outputs);
  }

  /** How a step ended; null if it has not, or has no path. */
  public RunEvent.@Nullable StepFinished finished(PlannedStep step) {
    return step.path() == null ? null : finished.get(step.path());
  }

  /** Everything that is finished, in the order in which it did. */
  public List<RunEvent.StepFinished> finished() {
    return List.copyOf(finished.values());
  }

  /** Which attempt of a step was begun last; 0 if none was. */
  public int attemptOf(PlannedStep step) {
    Begun known = step.path() == null ? null : begun.get(step.path());
    if (known != null) {
      return known.attempt();
    }
    String noted = note(step.key(), Note.BEGUN);
    return noted == null ? 0 : Integer.parseInt(noted);
  }

  /** When the last attempt of a step was begun first; null if none was. */
  public @Nullable Instant beganAt(PlannedStep step) {
    Begun known = step.path() == null ? null : begun.get(step.path());
    if (known != null) {
      return known.at();
    }
    Noted noted = lastNote(step.key(), Note.BEGUN);
    return noted == null ? null : noted.at();
  }

  /** True if the step was begun, or something in it was. */
  public boolean hasBegun(PlannedStep step) {
    if (attemptOf(step) > 0) {
      return true;
    }
    return step.path() == null && step.inside().anyMatch(this::hasBegun);
  }

  /** True if nothing is left to do in the step: it is finished, or everything in it is. */
  public boolean isComplete(PlannedStep step) {
    return step.path() == null
        ? step.inside().allMatch(this::isComplete)
        : finished.containsKey(step.path());
  }

  /** What was noted of a node last; null if nothing of that kind was. */
  public @Nullable String note(String key, Note kind) {
    Noted noted = lastNote(key, kind);
    return noted == null ? null : kind.text(noted.value());
  }

  /** Everything of one kind that was noted of a node, oldest first. */
  public List<String> notes(String key, Note kind) {
    return notes.getOrDefault(key, List.of()).stream()
        .map(Noted::value)
        .filter(kind::is)
        .map(kind::text)
        .toList();
  }

  private @Nullable Noted lastNote(String key, Note kind) {
    return notes.getOrDefault(key, List.of()).reversed().stream()
        .filter(noted -> kind.is(noted.value()))
        .findFirst()
        .orElse(null);
  }

  /** True if a wait with this key was reported and is not over. */
  public boolean isWaiting(String key) {
    return waits.containsKey(key);
  }

  /** The waits that are not over, oldest first. */
  public List<RunEvent.StepWaiting> waits() {
    return List.copyOf(waits.values());
  }

  /** The steps an earlier engine found in a step; null if it has found none yet. */
  public @Nullable List<PlanStep> expanded(PlannedStep step) {
    RunEvent.StepExpanded event = step.path() == null ? null : expanded.get(step.path());
    return event == null ? null : event.steps();
  }

  /** The events that, told again in a later attempt, make the step and all in it known there. */
  List<RunEvent> retold(PlannedStep step) {
    List<RunEvent> events = new ArrayList<>();
    notes
        .getOrDefault(step.key(), List.of())
        .forEach(noted -> events.add(new RunEvent.Noted(step.key(), noted.value())));
    StepPath path = step.path();
    if (path != null && expanded.containsKey(path)) {
      events.add(expanded.get(path));
      finished.forEach(
          (each, event) -> {
            if (path.contains(each)) {
              retellEnd(each, event, events);
            }
          });
    } else {
      step.inside().forEach(each -> events.addAll(retold(each)));
    }
    if (path != null && finished.containsKey(path)) {
      retellEnd(path, finished.get(path), events);
    }
    return events;
  }

  private void retellEnd(StepPath path, RunEvent.StepFinished event, List<RunEvent> events) {
    RunEvent.TestsFound found = tests.get(path);
    if (found != null) {
      events.add(found);
    }
    events.add(event);
  }

  /** How a step ended that became known in the run; null if it has not. */
  RunEvent.@Nullable StepFinished finished(PlanStep step) {
    return step.path() == null ? null : finished.get(step.path());
  }

  /** True if a step was begun that became known in the run. */
  boolean hasBegun(PlanStep step) {
    return step.path() != null && begun.containsKey(step.path());
  }

  /** Tells again how a step that became known in the run ended, and everything in it. */
  void retellInside(PlanStep step, List<RunEvent> events) {
    finished.forEach(
        (path, end) -> {
          if (step.path() != null && (step.path().equals(path) || step.path().contains(path))) {
            retellEnd(path, end, events);
          }
        });
  }

  /** True if the step was begun and not finished, so that nobody knows how it ended. */
  boolean hasUnknownEnd(PlannedStep step) {
    return finished(step) == null
        && (attemptOf(step) > 0 || note(step.key(), Note.UNKNOWN) != null)
        && note(step.key(), Note.ENDED) == null;
  }
}
