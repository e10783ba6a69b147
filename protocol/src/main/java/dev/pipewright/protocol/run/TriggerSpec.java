package dev.pipewright.protocol.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pipewright.protocol.GlobPattern;
import java.util.List;

/** What a pipeline says may start it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "on")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TriggerSpec.Push.class, name = "push"),
  @JsonSubTypes.Type(value = TriggerSpec.Tag.class, name = "tag"),
  @JsonSubTypes.Type(value = TriggerSpec.PullRequest.class, name = "pull_request"),
  @JsonSubTypes.Type(value = TriggerSpec.Cron.class, name = "cron"),
  @JsonSubTypes.Type(value = TriggerSpec.Manual.class, name = "manual")
})
public sealed interface TriggerSpec {

  /** A push to a branch whose name matches one of the patterns; no pattern means every branch. */
  record Push(List<GlobPattern> branches) implements TriggerSpec {
    public Push {
      branches = List.copyOf(branches);
    }
  }

  /** A pushed tag whose name matches one of the patterns; no pattern means every tag. */
  record Tag(List<GlobPattern> names) implements TriggerSpec {
    public Tag {
      names = List.copyOf(names);
    }
  }

  /** A pull or merge request was opened or got new commits. */
  record PullRequest() implements TriggerSpec {}

  /**
   * A time has come.
   *
   * @param expression minute, hour, day of month, month, day of week, or a word like {@code @daily}
   * @param zone the time zone it is meant in
   */
  record Cron(String expression, String zone) implements TriggerSpec {}

  /** A person starts a run. */
  record Manual() implements TriggerSpec {}
}
