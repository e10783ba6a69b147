package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.StepNode;
import java.time.Duration;

/** A container that runs its steps as its word says; see {@link Steps}. */
public final class Group implements Step {
  private final StepNode node;

  Group(StepNode node) {
    this.node = node;
  }

  @Override
  public Group timeout(Duration limit) {
    return new Group(Nodes.timeout(node, limit));
  }

  @Override
  public Group allowFailure() {
    return new Group(Nodes.allowFailure(node));
  }

  @Override
  public Group onFailure(Step step) {
    return new Group(Nodes.onFailure(node, step));
  }

  @Override
  public Group ensure(Step step) {
    return new Group(Nodes.ensure(node, step));
  }

  /**
   * Tries again until it succeeds, without a pause; see {@link #attempts(int, Duration)}.
   *
   * @param total how often at the most, the first time included
   * @return this step with the attempts
   */
  public Group attempts(int total) {
    return attempts(total, Duration.ZERO);
  }

  /**
   * Tries again until it succeeds. FAILED, ERRORED and TIMED_OUT are tried again, CANCELLED never;
   * the outcome is that of the last attempt.
   *
   * @param total how often at the most, the first time included
   * @param backoff pause before the second attempt; doubled before each later one
   * @return this step with the attempts
   */
  public Group attempts(int total, Duration backoff) {
    return new Group(Nodes.attempts(node, total, backoff));
  }

  /**
   * Sets an environment variable here and in everything inside. Inner ones win.
   *
   * @param name letters, digits and underscores; not beginning with {@code PIPEWRIGHT_}
   * @param value its value
   * @return this step with the variable
   */
  public Group env(String name, String value) {
    return new Group(Nodes.env(node, name, value));
  }

  /**
   * Holds a lock of the server while this runs; others that want it wait. It is given back however
   * the step ends.
   *
   * @param lock the lock's name
   * @return this step with the lock
   */
  public Group locks(String lock) {
    return new Group(Nodes.locks(node, lock));
  }

  StepNode node() {
    return node;
  }

  @Override
  public String toString() {
    return "Group " + node.word().keyword() + " at " + node.location();
  }
}
