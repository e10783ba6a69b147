package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.TriggerNode;
import java.util.List;

/** The words for what starts a run. */
public final class Triggers {
  private Triggers() {}

  /**
   * A push to a branch.
   *
   * @param branches patterns over branch names, such as {@code release/*}; none means every branch
   * @return the trigger
   */
  public static PushTrigger push(String... branches) {
    return new PushTrigger(new TriggerNode.Push(List.of(branches), List.of(), Caller.location()));
  }

  /**
   * A pushed tag.
   *
   * @param names patterns over tag names, such as {@code v*}; none means every tag
   * @return the trigger
   */
  public static Trigger tags(String... names) {
    return new PlainTrigger(new TriggerNode.Tags(List.of(names), Caller.location()));
  }

  /**
   * A pull or merge request that was opened or got new commits.
   *
   * @return the trigger
   */
  public static Trigger pullRequests() {
    return new PlainTrigger(new TriggerNode.PullRequests(Caller.location()));
  }

  /**
   * A time, on the default branch.
   *
   * @param expression five fields: minute, hour, day of month, month, day of week, in UTC
   * @return the trigger
   */
  public static Trigger cron(String expression) {
    return new PlainTrigger(new TriggerNode.Cron(expression, Caller.location()));
  }

  /**
   * A person, by console, command or API.
   *
   * @return the trigger
   */
  public static Trigger manually() {
    return new PlainTrigger(new TriggerNode.Manually(Caller.location()));
  }
}
