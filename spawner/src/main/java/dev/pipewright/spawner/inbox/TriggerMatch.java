package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.protocol.run.TriggerSpec.Paths;
import java.util.List;

/** Says whether a change starts a pipeline: its triggers against kind and short name of the ref. */
final class TriggerMatch {
  private static final String BRANCH = "refs/heads/";
  private static final String TAG = "refs/tags/";

  private TriggerMatch() {}

  /** True if one of the plan's triggers wants a change of this kind on this ref. */
  static boolean starts(Plan plan, ChangeKind kind, String ref) {
    return starts(plan, kind, ref, List.of());
  }

  /** The same for a change of these files; none if it is not known which. */
  static boolean starts(Plan plan, ChangeKind kind, String ref, List<String> changed) {
    return plan.triggers().stream()
        .anyMatch(trigger -> wants(trigger, kind, ref) && paths(trigger).wants(changed));
  }

  /** True if it matters to this plan which files such a change changes. */
  static boolean dependsOnPaths(Plan plan, ChangeKind kind, String ref) {
    return plan.triggers().stream()
        .anyMatch(trigger -> wants(trigger, kind, ref) && !paths(trigger).equals(Paths.ALL));
  }

  private static Paths paths(TriggerSpec trigger) {
    return switch (trigger) {
      case TriggerSpec.Push push -> push.paths();
      case TriggerSpec.PullRequest pull -> pull.paths();
      case TriggerSpec.Tag _, TriggerSpec.Cron _, TriggerSpec.Manual _ -> Paths.ALL;
    };
  }

  private static boolean wants(TriggerSpec trigger, ChangeKind kind, String ref) {
    return switch (trigger) {
      case TriggerSpec.Push push ->
          kind == ChangeKind.PUSH && matches(push.branches(), BRANCH, ref);
      case TriggerSpec.Tag tag -> kind == ChangeKind.TAG && matches(tag.names(), TAG, ref);
      case TriggerSpec.PullRequest _ ->
          kind == ChangeKind.PULL_REQUEST || kind == ChangeKind.MERGE_GROUP;
      case TriggerSpec.Cron _ -> kind == ChangeKind.CRON;
      case TriggerSpec.Manual _ -> kind == ChangeKind.MANUAL;
    };
  }

  private static boolean matches(List<GlobPattern> patterns, String prefix, String ref) {
    if (!ref.startsWith(prefix)) {
      return false;
    }
    String name = ref.substring(prefix.length());
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }
}
