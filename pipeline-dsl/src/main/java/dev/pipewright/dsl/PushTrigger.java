package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.TriggerNode;
import java.util.List;

/** A push to a branch starts a run of the pushed commit. */
public final class PushTrigger implements Trigger {
  private final TriggerNode.Push node;

  PushTrigger(TriggerNode.Push node) {
    this.node = node;
  }

  /**
   * Passes over pushes that change nothing but files that match.
   *
   * @param first a pattern such as {@code docs/**}
   * @param rest more patterns
   * @return this trigger with the patterns
   */
  public PushTrigger ignoringPaths(String first, String... rest) {
    List<String> paths = Nodes.list(first, rest);
    return new PushTrigger(new TriggerNode.Push(node.branches(), paths, node.location()));
  }

  TriggerNode node() {
    return node;
  }
}
