package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import java.time.Duration;

/** Steps that run at the same time. */
public final class Parallel implements Step {
  private final StepNode node;

  Parallel(StepNode node) {
    this.node = node;
  }

  @Override
  public Parallel timeout(Duration limit) {
    return new Parallel(Nodes.timeout(node, limit));
  }

  @Override
  public Parallel allowFailure() {
    return new Parallel(Nodes.allowFailure(node));
  }

  @Override
  public Parallel onFailure(Step step) {
    return new Parallel(Nodes.onFailure(node, step));
  }

  @Override
  public Parallel ensure(Step step) {
    return new Parallel(Nodes.ensure(node, step));
  }

  /**
   * Tries again until it succeeds, without a pause; see {@link #attempts(int, Duration)}.
   *
   * @param total how often at the most, the first time included
   * @return this step with the attempts
   */
  public Parallel attempts(int total) {
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
  public Parallel attempts(int total, Duration backoff) {
    return new Parallel(Nodes.attempts(node, total, backoff));
  }

  /**
   * Sets an environment variable here and in everything inside. Inner ones win.
   *
   * @param name letters, digits and underscores; not beginning with {@code PIPEWRIGHT_}
   * @param value its value
   * @return this step with the variable
   */
  public Parallel env(String name, String value) {
    return new Parallel(Nodes.env(node, name, value));
  }

  /**
   * Holds a lock of the server while this runs; others that want it wait. It is given back however
   * the step ends.
   *
   * @param lock the lock's name
   * @return this step with the lock
   */
  public Parallel locks(String lock) {
    return new Parallel(Nodes.locks(node, lock));
  }

  /**
   * Cancels the other steps as soon as one ends FAILED, ERRORED or TIMED_OUT and is not allowed to.
   * Without it all steps run to their end.
   *
   * @return this step, failing fast
   */
  public Parallel failFast() {
    return node.word() instanceof Word.InParallel word
        ? new Parallel(
            node.as(new Word.InParallel(word.steps(), true, word.atMost(), word.forEach())))
        : this;
  }

  /**
   * Limits how many steps run at the same time; the others wait for their turn in the order they
   * were written.
   *
   * @param limit at least 1
   * @return this step with the limit
   */
  public Parallel atMost(int limit) {
    return node.word() instanceof Word.InParallel word
        ? new Parallel(
            node.as(new Word.InParallel(word.steps(), word.failFast(), limit, word.forEach())))
        : this;
  }

  StepNode node() {
    return node;
  }

  @Override
  public String toString() {
    return "Parallel " + node.word().keyword() + " at " + node.location();
  }
}
