package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.TriggerNode;
import java.time.ZoneId;
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
    return new PushTrigger(
        new TriggerNode.Push(List.of(branches), TriggerNode.Paths.ALL, Caller.location()));
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
  public static PullRequestTrigger pullRequests() {
    return new PullRequestTrigger(
        new TriggerNode.PullRequests(TriggerNode.Paths.ALL, Caller.location()));
  }

  /**
   * A time in UTC, on the default branch.
   *
   * @param expression five fields: minute, hour, day of month, month, day of week, such as {@code
   *     30 3 * * MON-FRI}; or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly},
   *     {@code @yearly}
   * @return the trigger
   */
  public static Trigger cron(String expression) {
    return new PlainTrigger(new TriggerNode.Cron(expression, "UTC", Caller.location()));
  }

  /**
   * A time in a time zone, on the default branch. A time that is left out when clocks go forward
   * comes at the moment they do; one that is there twice when they go back comes once. Where the
   * hour is {@code *}, with a step or without, hours are taken as they come.
   *
   * @param expression as in {@link #cron(String)}
   * @param zone such as {@code ZoneId.of("Europe/Berlin")}
   * @return the trigger
   */
  public static Trigger cron(String expression, ZoneId zone) {
    return new PlainTrigger(new TriggerNode.Cron(expression, zone.getId(), Caller.location()));
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
