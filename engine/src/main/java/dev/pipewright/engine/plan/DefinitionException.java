package dev.pipewright.engine.plan;

import dev.pipewright.dsl.definition.DefinitionProblem;
import java.util.List;

/** A pipeline is wrong; carries every problem at once. */
public final class DefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<DefinitionProblem> problems;

  public DefinitionException(List<DefinitionProblem> problems) {
    super(String.join("\n", problems.stream().map(DefinitionProblem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order of the definition. */
  public List<DefinitionProblem> problems() {
    return problems;
  }
}
