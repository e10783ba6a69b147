package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.DefinitionCheck;
import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.SourceLocation;
import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.engine.work.Work;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.PlanStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steps that become known when the run gets there. They are checked like any others, told to
 * everybody before the first of them begins, and run one after the other. An engine that goes on
 * asks the code again: if it names other steps than before, the step is ERRORED, because nobody
 * could say which of them are done.
 */
final class ExpandExecution {
  private static final int MOST = 1000;

  private ExpandExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    List<PlanStep> before = scope.history().expanded(execution.step());
    if (scope.isCancelled() && before == null) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    Work.Expanded expanded = scope.run().work().expand(TaskExecution.call(execution, scope));
    execution.left(expanded.done().outputs());
    if (expanded.done().ending().outcome() != Ending.SUCCEEDED.outcome()) {
      return expanded.done().ending();
    }
    PlannedStep parent = execution.step();
    String problem = problem(parent, expanded.steps(), scope);
    if (problem != null) {
      execution.log().line(problem);
      return Ending.errored(problem);
    }
    List<PlannedStep> steps = PlanReader.inside(parent, expanded.steps());
    List<PlanStep> shapes = steps.stream().map(PlanReader::shape).toList();
    if (before == null) {
      execution.expanded(steps);
      execution.tell(new RunEvent.StepExpanded(path(parent), shapes));
    } else if (!sameNames(before, shapes)) {
      return Ending.errored(
          "The code of '%s' gave other steps than before the engine was lost, so it is not known which are done. Give the same steps each time."
              .formatted(parent.shownName()));
    } else {
      execution.expanded(steps);
    }
    return SequenceExecution.run(steps, scope);
  }

  private static StepPath path(PlannedStep parent) {
    StepPath path = parent.path();
    if (path == null) {
      throw new IllegalStateException("expand has a name");
    }
    return path;
  }

  private static @Nullable String problem(PlannedStep parent, List<StepNode> steps, Scope scope) {
    int count = steps.stream().mapToInt(ExpandExecution::count).sum();
    if (count > MOST) {
      return "The code gave %,d steps, but at most %,d are run.".formatted(count, MOST);
    }
    List<DefinitionProblem> problems =
        DefinitionCheck.problems(steps, path(parent).value(), held(parent, scope));
    return problems.isEmpty()
        ? null
        : String.join("\n", problems.stream().map(DefinitionProblem::toString).toList());
  }

  /** The locks held around the steps; code that names one of them again would wait for itself. */
  private static Map<String, SourceLocation> held(PlannedStep parent, Scope scope) {
    Map<String, SourceLocation> held = new HashMap<>();
    for (String lock : LockExecution.held(scope)) {
      held.put(lock, parent.node().location());
    }
    return held;
  }

  private static int count(StepNode step) {
    int count = 1;
    for (StepNode child : step.word().children()) {
      count += count(child);
    }
    for (StepNode child : step.modifiers().onFailure()) {
      count += count(child);
    }
    for (StepNode child : step.modifiers().ensure()) {
      count += count(child);
    }
    return count;
  }

  private static boolean sameNames(List<PlanStep> before, List<PlanStep> now) {
    if (before.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      PlanStep one = before.get(i);
      PlanStep other = now.get(i);
      boolean same =
          one.kind().equals(other.kind())
              && java.util.Objects.equals(one.path(), other.path())
              && sameNames(one.steps(), other.steps())
              && sameNames(one.onFailure(), other.onFailure())
              && sameNames(one.ensure(), other.ensure());
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
