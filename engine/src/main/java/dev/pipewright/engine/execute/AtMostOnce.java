package dev.pipewright.engine.execute;

import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps that are never done twice by themselves. That such a step begins is stored before it does;
 * if its end is unknown, because the engine that did it is gone, a person says how it ended.
 */
final class AtMostOnce {
  private static final String END = "end";
  private static final String HAPPENED = "happened";
  private static final String AGAIN = "again";
  private static final ParameterSpec QUESTION =
      new ParameterSpec(
          END,
          ParameterSpec.Kind.CHOICE,
          "whether it happened, failed, or is to be done again",
          List.of(HAPPENED, "failed", AGAIN),
          null);

  private AtMostOnce() {}

  static boolean holds(PlannedStep step) {
    return step.node().modifiers().atMostOnce();
  }

  /** Returns once everybody knows that the step has begun; an ending if nobody can be told. */
  static @Nullable Ending begin(Scope scope) {
    try {
      scope.run().reporter().flush();
      return null;
    } catch (IOException e) {
      return Ending.errored(
          "It was not done, because that it begins could not be stored: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Ending.cancelled("interrupted");
    }
  }

  /** Asks how the step ended; null if it is to be done again. */
  static @Nullable Ending ask(StepRun execution, Scope scope) {
    PlannedStep step = execution.step();
    int again = scope.history().notes(step.key(), Note.AGAIN).size();
    String key = scope.waitKey(step, again == 0 ? "" : "again " + again);
    Wait what =
        new Wait(
            Wait.Kind.UNKNOWN_END,
            "Did '%s' happen? Its engine was lost before it could say so."
                .formatted(step.shownName()),
            List.of(),
            List.of(QUESTION),
            scope.deadline());
    Waits.Request request =
        new Waits.Request(key, step.path(), what, scope.history().isWaiting(key));
    Answer answer = Answers.await(request, scope);
    if (answer == null) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    return switch (answer.verdict()) {
      case APPROVED -> told(answer, execution, again);
      case REJECTED -> Ending.failed(Answers.said(answer, "failed, says"));
      case EXPIRED -> Answers.expired(scope);
      case GRANTED, ENDED, FAILED -> Ending.errored(Answers.odd(answer));
    };
  }

  private static @Nullable Ending told(Answer answer, StepRun execution, int again) {
    String end = answer.values().getOrDefault(END, "");
    return switch (end) {
      case HAPPENED ->
          new Ending(Ending.SUCCEEDED.outcome(), Answers.said(answer, "happened, says"));
      case AGAIN -> {
        execution.note(Note.AGAIN, Integer.toString(again + 1));
        execution.log().line("[done again: " + Answers.said(answer, "wanted by") + "]");
        yield null;
      }
      default -> Ending.failed(Answers.said(answer, "failed, says"));
    };
  }
}
