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

  /**
   * Which changed files count.
   *
   * @param only the files that count; no pattern means every file
   * @param ignored the files that do not
   */
  record Paths(List<GlobPattern> only, List<GlobPattern> ignored) {
    /** Every file counts. */
    public static final Paths ALL = new Paths(List.of(), List.of());

    public Paths {
      only = List.copyOf(only);
      ignored = List.copyOf(ignored);
    }

    /** True if a file counts, or if there is no file to judge by. */
    public boolean wants(List<String> changed) {
      return changed.isEmpty() || changed.stream().anyMatch(this::counts);
    }

    private boolean counts(String file) {
      return (only.isEmpty() || only.stream().anyMatch(pattern -> pattern.matches(file)))
          && ignored.stream().noneMatch(pattern -> pattern.matches(file));
    }
  }

  /** A push to a branch whose name matches one of the patterns; no pattern means every branch. */
  record Push(List<GlobPattern> branches, Paths paths) implements TriggerSpec {
    public Push {
      branches = List.copyOf(branches);
      paths = paths == null ? Paths.ALL : paths;
    }

    /** A push, whatever files it changes. */
    public Push(List<GlobPattern> branches) {
      this(branches, Paths.ALL);
    }
  }

  /** A pushed tag whose name matches one of the patterns; no pattern means every tag. */
  record Tag(List<GlobPattern> names) implements TriggerSpec {
    public Tag {
      names = List.copyOf(names);
    }
  }

  /** A pull or merge request was opened or got new commits. */
  record PullRequest(Paths paths) implements TriggerSpec {
    public PullRequest {
      paths = paths == null ? Paths.ALL : paths;
    }

    /** A pull request, whatever files it changes. */
    public PullRequest() {
      this(Paths.ALL);
    }
  }

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
