package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.TriggerNode;
import dev.pipewright.dsl.definition.TriggerNode.Paths;

/** A push to a branch starts a run of the pushed commit. */
public final class PushTrigger implements Trigger {
  private final TriggerNode.Push node;

  PushTrigger(TriggerNode.Push node) {
    this.node = node;
  }

  /**
   * Passes over changes of nothing but files that match.
   *
   * @param first a pattern such as {@code docs/**}
   * @param rest more patterns
   * @return this trigger with the patterns
   */
  public PushTrigger ignoringPaths(String first, String... rest) {
    return with(new Paths(node.paths().only(), Nodes.list(first, rest)));
  }

  /**
   * Passes over changes of no file that matches.
   *
   * @param first a pattern such as {@code server/**}
   * @param rest more patterns
   * @return this trigger with the patterns
   */
  public PushTrigger onlyPaths(String first, String... rest) {
    return with(new Paths(Nodes.list(first, rest), node.paths().ignored()));
  }

  private PushTrigger with(Paths paths) {
    return new PushTrigger(new TriggerNode.Push(node.branches(), paths, node.location()));
  }

  TriggerNode node() {
    return node;
  }
}
