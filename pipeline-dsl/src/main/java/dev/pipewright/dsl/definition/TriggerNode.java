package dev.pipewright.dsl.definition;

import java.util.List;

/** What may start a run, one record per word. */
public sealed interface TriggerNode {

  /** {@return the call that made it} */
  SourceLocation location();

  /**
   * A push to a branch.
   *
   * @param branches globs over branch names; none means every branch
   * @param ignoredPaths globs over files whose change alone starts nothing
   * @param location the call
   */
  record Push(List<String> branches, List<String> ignoredPaths, SourceLocation location)
      implements TriggerNode {
    /**
     * Copies the patterns.
     *
     * @param branches globs over branch names; none means every branch
     * @param ignoredPaths globs over files whose change alone starts nothing
     * @param location the call
     */
    public Push {
      branches = List.copyOf(branches);
      ignoredPaths = List.copyOf(ignoredPaths);
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
   * @param location the call
   */
  record PullRequests(SourceLocation location) implements TriggerNode {}

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
