package dev.pipewright.dsl.definition;

import java.util.List;

/** What may start a run, one record per word. */
public sealed interface TriggerNode {

  /** {@return the call that made it} */
  SourceLocation location();

  /**
   * Which changed files count. A change of which none counts starts nothing.
   *
   * @param only globs over the files that count; none means every file
   * @param ignored globs over the files that do not
   */
  record Paths(List<String> only, List<String> ignored) {
    /** Every file counts. */
    public static final Paths ALL = new Paths(List.of(), List.of());

    /**
     * Copies the patterns.
     *
     * @param only globs over the files that count; none means every file
     * @param ignored globs over the files that do not
     */
    public Paths {
      only = List.copyOf(only);
      ignored = List.copyOf(ignored);
    }
  }

  /**
   * A push to a branch.
   *
   * @param branches globs over branch names; none means every branch
   * @param paths which changed files count
   * @param location the call
   */
  record Push(List<String> branches, Paths paths, SourceLocation location) implements TriggerNode {
    /**
     * Copies the patterns.
     *
     * @param branches globs over branch names; none means every branch
     * @param paths which changed files count
     * @param location the call
     */
    public Push {
      branches = List.copyOf(branches);
    }
  }

  /**
   * A pushed tag.
   *
   * @param names globs over tag names; none means every tag
   * @param location the call
   */
  record Tags(List<String> names, SourceLocation location) implements TriggerNode {
    /**
     * Copies the patterns.
     *
     * @param names globs over tag names; none means every tag
     * @param location the call
     */
    public Tags {
      names = List.copyOf(names);
    }
  }

  /**
   * A pull or merge request with new commits.
   *
   * @param paths which changed files count
   * @param location the call
   */
  record PullRequests(Paths paths, SourceLocation location) implements TriggerNode {}

  /**
   * A time.
   *
   * @param expression five fields: minute, hour, day of month, month, day of week; or a word
   * @param zone the time zone it is meant in
   * @param location the call
   */
  record Cron(String expression, String zone, SourceLocation location) implements TriggerNode {}

  /**
   * A person.
   *
   * @param location the call
   */
  record Manually(SourceLocation location) implements TriggerNode {}
}
