package dev.pipewright.builder.meta;

import java.util.List;

/**
 * How a compilation went.
 *
 * @param problems why there are no classes; empty if there are
 * @param notes warnings, for people
 * @param sources how many files were compiled
 * @param tests how many files with tests there are, which are compiled apart
 */
public record Compilation(
    List<CompileProblem> problems, List<String> notes, int sources, int tests) {
  public Compilation {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** True if there are classes. */
  public boolean succeeded() {
    return problems.isEmpty();
  }
}
