package dev.pipewright.test.play;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who says when what to a run that waits. Immutable once the play has begun. */
final class People {
  /** What is said of a run that is cancelled. */
  static final String CANCELLED = "cancelled by the test";

  /** Under which name a person says how a task ended. */
  static final String END = "end";

  private static final String WITNESS = "witness";

  private final Scenario scenario;

  People(Scenario scenario) {
    this.scenario = scenario;
  }

  /** An answer that will come. */
  record Plan(Instant at, Answer answer) {}

  /**
   * What will be said to a wait; null if nothing ever will.
   *
   * @param ends how the work of a task really ended; null if it did not
   */
  @Nullable Plan plan(
      RunEvent.StepWaiting wait, Instant now, Function<StepPath, @Nullable Outcome> ends) {
    StepPath step = wait.path();
    Plan said =
        switch (wait.what().kind()) {
          case APPROVAL -> step == null ? null : reply(step, wait, now);
          case UNKNOWN_END -> step == null ? null : end(step, wait, now, ends);
          case LOCK, RUN -> null;
        };
    Instant until = wait.what().until();
    boolean never = step != null && scenario.unanswered.contains(step.value());
    if (until == null || never || (said != null && said.at().isBefore(until))) {
      return said;
    }
    return new Plan(
        until, new Answer(wait.key(), Answer.Verdict.EXPIRED, null, null, until, Map.of()));
  }

  private @Nullable Plan reply(StepPath step, RunEvent.StepWaiting wait, Instant now) {
    Reply reply = scenario.replies.get(step.value());
    if (reply == null) {
      return null;
    }
    Instant at = now.plus(reply.after());
    Answer.Verdict verdict = reply.approves() ? Answer.Verdict.APPROVED : Answer.Verdict.REJECTED;
    Map<String, String> values =
        reply.approves() ? values(step, wait.what(), reply.values()) : Map.of();
    return new Plan(at, new Answer(wait.key(), verdict, reply.by(), reply.note(), at, values));
  }

  private @Nullable Plan end(
      StepPath step,
      RunEvent.StepWaiting wait,
      Instant now,
      Function<StepPath, @Nullable Outcome> ends) {
    String end = scenario.ends.get(step.value());
    if (end == null && scenario.truthful) {
      Outcome really = ends.apply(step);
      end = really == null ? "again" : really == Outcome.SUCCEEDED ? "happened" : "failed";
    }
    if (end == null) {
      return null;
    }
    Instant at = now.plus(Act.USUAL);
    Answer answer =
        new Answer(wait.key(), Answer.Verdict.APPROVED, WITNESS, null, at, Map.of(END, end));
    return new Plan(at, answer);
  }

  /** What is given, and the defaults of what is not. */
  private static Map<String, String> values(StepPath step, Wait what, Map<String, String> given) {
    List<String> problems = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>(given);
    List<String> known = what.parameters().stream().map(ParameterSpec::name).toList();
    for (ParameterSpec parameter : what.parameters()) {
      String value = values.get(parameter.name());
      String problem = value == null ? null : parameter.problem(value);
      if (problem != null) {
        problems.add(problem);
      } else if (value == null && parameter.defaultValue() != null) {
        values.put(parameter.name(), parameter.defaultValue());
      } else if (value == null) {
        problems.add("'%s' has no default and must be given.".formatted(parameter.name()));
      }
    }
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        problems.add("'%s' is not asked for; %s are.".formatted(name, known));
      }
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "The approval of '%s' is wrong:%n  %s"
              .formatted(step, String.join(System.lineSeparator() + "  ", problems)));
    }
    return values;
  }
}
