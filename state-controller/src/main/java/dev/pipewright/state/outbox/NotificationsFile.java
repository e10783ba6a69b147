package dev.pipewright.state.outbox;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.api.MailServer;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code notifications.json} as it is written; {@link NotificationSettings} says what it means.
 *
 * @param targets who is told
 */
record NotificationsFile(@Nullable Mail mail, @Nullable List<Target> targets) {

  /** The server that takes mail. */
  record Mail(
      @Nullable String host,
      @Nullable Integer port,
      MailServer.@Nullable Security security,
      @Nullable String user,
      @Nullable String password,
      @Nullable String from) {
    @Override
    public String toString() {
      return "Mail[" + host + "]";
    }
  }

  /** One who is told. */
  record Target(
      @Nullable String name,
      @Nullable Kind kind,
      @Nullable String url,
      @Nullable String secret,
      @Nullable List<String> to,
      @Nullable List<NotificationEvent> on,
      @Nullable List<GlobPattern> pipelines,
      @Nullable List<GlobPattern> refs) {
    @Override
    public String toString() {
      return "Target[" + name + "]";
    }
  }
}
