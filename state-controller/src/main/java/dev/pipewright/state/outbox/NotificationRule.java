package dev.pipewright.state.outbox;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget;
import dev.pipewright.protocol.run.RunSnapshot;
import java.util.List;
import java.util.Set;

/** Who is told of what. */
public record NotificationRule(
    NotificationTarget target,
    Set<NotificationEvent> on,
    List<GlobPattern> pipelines,
    List<GlobPattern> refs) {
  public NotificationRule {
    on = Set.copyOf(on);
    pipelines = List.copyOf(pipelines);
    refs = List.copyOf(refs);
  }

  /** True if this target wants to know of such an event of this run. */
  public boolean wants(NotificationEvent event, RunSnapshot run) {
    return on.contains(event)
        && pipelines.stream().anyMatch(glob -> glob.matches(run.pipeline().value()))
        && refs.stream().anyMatch(glob -> glob.matches(run.ref()));
  }
}
