package dev.pipewright.builder.meta;

import java.util.List;

/**
 * How a compilation went.
 *
 * @param problems why there are no classes; empty if there are
 * @param notes warnings and files that were left out, for people
 * @param sources how many files were compiled
 */
public record Compilation(List<CompileProblem> problems, List<String> notes, int sources) {
  public Compilation {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** True if there are classes. */
  public boolean succeeded() {
    return problems.isEmpty();
  }
}
