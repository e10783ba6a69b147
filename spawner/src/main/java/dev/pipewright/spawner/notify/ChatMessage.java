package dev.pipewright.spawner.notify;

import dev.pipewright.protocol.api.Notification;
import dev.pipewright.spawner.post.Post;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** A notification for a webhook that understands Slack's messages. */
public final class ChatMessage {
  private ChatMessage() {}

  /** The request; its URL is a secret. */
  public static Post of(Notification notification, String target, String url) {
    return Post.json(
        "The webhook '" + target + "'",
        URI.create(url),
        Map.of(),
        Map.of("text", text(notification)),
        List.of(url));
  }

  private static String text(Notification notification) {
    String icon =
        switch (notification.event()) {
          case BROKE, FAILED -> ":red_circle:";
          case FIXED -> ":large_green_circle:";
          case WAITING -> ":raised_hand:";
        };
    StringBuilder text = new StringBuilder(icon);
    text.append(" <").append(notification.url()).append('|');
    text.append(escaped(notification.title()).replace("|", "¦")).append('>');
    String by = notification.by();
    String message = notification.message();
    if (message != null || by != null) {
      text.append('\n').append(notification.commit().abbreviated());
      text.append(message == null ? "" : " " + escaped(message));
      text.append(by == null ? "" : " (" + escaped(by) + ")");
    }
    return text.toString();
  }

  /** Names and subjects of commits come from anybody: they must not call a whole channel. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
