package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.TriggerNode;
import dev.pipewright.dsl.definition.TriggerNode.Paths;

/** A pull or merge request that was opened or got commits starts a run. */
public final class PullRequestTrigger implements Trigger {
  private final TriggerNode.PullRequests node;

  PullRequestTrigger(TriggerNode.PullRequests node) {
    this.node = node;
  }

  /**
   * Passes over changes of nothing but files that match.
   *
   * @param first a pattern such as {@code docs/**}
   * @param rest more patterns
   * @return this trigger with the patterns
   */
  public PullRequestTrigger ignoringPaths(String first, String... rest) {
    return with(new Paths(node.paths().only(), Nodes.list(first, rest)));
  }

  /**
   * Passes over changes of no file that matches.
   *
   * @param first a pattern such as {@code server/**}
   * @param rest more patterns
   * @return this trigger with the patterns
   */
  public PullRequestTrigger onlyPaths(String first, String... rest) {
    return with(new Paths(Nodes.list(first, rest), node.paths().ignored()));
  }

  private PullRequestTrigger with(Paths paths) {
    return new PullRequestTrigger(new TriggerNode.PullRequests(paths, node.location()));
  }

  TriggerNode node() {
    return node;
  }
}
