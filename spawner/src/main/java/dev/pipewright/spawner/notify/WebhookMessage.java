package dev.pipewright.spawner.notify;

import dev.pipewright.protocol.api.Notification;
import dev.pipewright.spawner.hook.Hmac;
import dev.pipewright.spawner.post.Post;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification as JSON for any program. {@code X-Pipewright-Delivery} is the same when it is sent
 * again; {@code X-Pipewright-Signature-256} proves it, if there is a secret.
 */
public final class WebhookMessage {
  private WebhookMessage() {}

  /** The request; {@code id} tells messages apart. */
  public static Post of(
      Notification notification, String id, String target, String url, @Nullable String secret) {
    Post post =
        Post.json(
            "The webhook '" + target + "'",
            URI.create(url),
            Map.of(
                "X-Pipewright-Event",
                notification.event().word(),
                "X-Pipewright-Delivery",
                HexFormat.of().formatHex(Hmac.of(bytes(id), "delivery"), 0, 16)),
            notification,
            secret == null ? List.of(url) : List.of(url, secret));
    return secret == null
        ? post
        : post.with(
            Map.of(
                "X-Pipewright-Signature-256",
                "sha256=" + HexFormat.of().formatHex(Hmac.of(post.body(), secret))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
