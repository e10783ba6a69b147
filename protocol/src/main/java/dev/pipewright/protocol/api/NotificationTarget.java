package dev.pipewright.protocol.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where notifications go.
 *
 * @param name its name in the configuration
 * @param url where to post; null for mail; it is a secret, as it often is the only proof
 * @param secret signs what is posted to a generic webhook; null for no signature
 * @param to the addresses of mail; else empty
 * @param mail the server of mail; else null
 */
public record NotificationTarget(
    String name,
    Kind kind,
    @Nullable String url,
    @Nullable String secret,
    List<String> to,
    @Nullable MailServer mail) {
  public NotificationTarget {
    to = List.copyOf(to);
  }

  /** What kind of thing is told. */
  public enum Kind {
    /** A webhook that understands Slack's messages. */
    SLACK,
    /** Any other webhook. */
    WEBHOOK,
    MAIL;

    /** The word in configuration and on the wire. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String toString() {
    return "NotificationTarget[%s, %s]".formatted(name, kind.word());
  }
}
