package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.ParameterNode;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A wait for a person. Approving makes it SUCCEEDED and leaves the values that were given as
 * outputs; rejecting makes it FAILED; if nobody answers in time it is TIMED_OUT.
 */
final class ApprovalExecution {
  private ApprovalExecution() {}

  static Ending run(Word.Approval word, StepRun execution, Scope scope) {
    if (scope.isCancelled()) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    PlannedStep step = execution.step();
    Duration within = word.within();
    Instant began = scope.history().beganAt(step);
    Instant from = began == null ? scope.run().time().now() : began;
    Scope limited = within == null ? scope : scope.until(TimeoutExecution.deadline(from, within));
    String key = scope.waitKey(step, "");
    Wait what =
        new Wait(
            Wait.Kind.APPROVAL,
            word.question().isEmpty() ? step.shownName() : word.question(),
            word.approvers(),
            parameters(word),
            limited.deadline());
    Waits.Request request =
        new Waits.Request(key, step.path(), what, scope.history().isWaiting(key));
    Answer answer = Answers.await(request, scope);
    if (answer == null) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    return switch (answer.verdict()) {
      case APPROVED -> {
        Map<String, String> outputs = outputs(what.parameters(), answer);
        scope.run().facts().outputs().restore(outputs);
        execution.left(outputs);
        yield new Ending(Ending.SUCCEEDED.outcome(), Answers.said(answer, "approved by"));
      }
      case REJECTED -> Ending.failed(Answers.said(answer, "rejected by"));
      case EXPIRED -> within == null ? Answers.expired(scope) : Answers.expired(within);
      case GRANTED, ENDED, FAILED -> Ending.errored(Answers.odd(answer));
    };
  }

  private static List<ParameterSpec> parameters(Word.Approval word) {
    return word.parameters().stream().map(ApprovalExecution::parameter).toList();
  }

  private static ParameterSpec parameter(ParameterNode node) {
    ParameterSpec.Kind kind =
        switch (node.kind()) {
          case TEXT -> ParameterSpec.Kind.TEXT;
          case CHOICE -> ParameterSpec.Kind.CHOICE;
          case BOOL -> ParameterSpec.Kind.BOOL;
        };
    return new ParameterSpec(
        node.name(), kind, node.description(), node.choices(), node.defaultValue());
  }

  /** Every value under the name of its parameter, as JSON text. */
  private static Map<String, String> outputs(List<ParameterSpec> parameters, Answer answer) {
    Map<String, String> outputs = new HashMap<>();
    for (ParameterSpec parameter : parameters) {
      String given = answer.values().getOrDefault(parameter.name(), parameter.defaultValue());
      if (given != null) {
        boolean bare = parameter.kind() == ParameterSpec.Kind.BOOL;
        outputs.put(parameter.name(), bare ? given : JsonText.quoted(given));
      }
    }
    return outputs;
  }
}
