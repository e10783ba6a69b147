package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.waiting.Downstreams;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts a run of another pipeline, once in an attempt of the step, and takes over its outcome if
 * it is awaited. A cancel ends the wait; the other run goes on.
 */
final class DownstreamExecution {
  private DownstreamExecution() {}

  static Ending run(Word.Downstream word, StepRun execution, Scope scope) {
    if (scope.isCancelled()) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    PlannedStep step = execution.step();
    String key = scope.waitKey(step, "");
    Map<String, String> parameters = new HashMap<>(word.parameters());
    for (Map.Entry<String, String> each : word.fromOutputs().entrySet()) {
      String value = scope.run().facts().outputs().text(each.getValue());
      if (value == null) {
        return Ending.errored(
            "The output '%s' is read before any step has set it. Set it in an earlier step."
                .formatted(each.getValue()));
      }
      parameters.put(each.getKey(), value);
    }
    try {
      if (!scope.history().isWaiting(key)) {
        Downstreams.Wish wish =
            new Downstreams.Wish(key, word.pipeline(), parameters, word.awaited());
        execution.log().line(scope.run().surroundings().downstreams().start(wish));
      }
    } catch (IOException e) {
      execution.log().line(String.valueOf(e.getMessage()));
      return Ending.errored(
          "The run of '%s' could not be started: %s".formatted(word.pipeline(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Ending.cancelled("interrupted");
    }
    return word.awaited() ? await(word, execution, scope) : Ending.SUCCEEDED;
  }

  private static Ending await(Word.Downstream word, StepRun execution, Scope scope) {
    PlannedStep step = execution.step();
    String key = scope.waitKey(step, "");
    Wait what = new Wait(Wait.Kind.RUN, word.pipeline(), List.of(), List.of(), scope.deadline());
    Answer answer =
        Answers.await(
            new Waits.Request(key, step.path(), what, scope.history().isWaiting(key)), scope);
    if (answer == null) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    return switch (answer.verdict()) {
      case ENDED -> ended(answer);
      case FAILED -> Ending.errored(Answers.odd(answer));
      case EXPIRED -> Answers.expired(scope);
      case APPROVED, REJECTED, GRANTED -> Ending.errored(Answers.odd(answer));
    };
  }

  private static Ending ended(Answer answer) {
    String run = answer.values().getOrDefault("run", "it");
    String outcome = answer.values().getOrDefault("outcome", "");
    try {
      return new Ending(Outcome.valueOf(outcome), run + " " + outcome);
    } catch (IllegalArgumentException e) {
      return Ending.errored(run + " ended as '" + outcome + "', which is no outcome.");
    }
  }
}
