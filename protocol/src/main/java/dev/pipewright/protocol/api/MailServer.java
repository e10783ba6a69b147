package dev.pipewright.protocol.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The server that takes mail, and who we are there; {@code from} is the sender's address. */
public record MailServer(
    String host,
    int port,
    Security security,
    @Nullable String user,
    @Nullable String password,
    String from) {

  /** How the connection is kept secret. */
  public enum Security {
    /** Encrypted from the first byte. */
    SMTPS,
    /** Becomes encrypted before anything is told; without that, nothing is sent. */
    STARTTLS,
    /** Not at all. */
    NONE;

    /** The word in configuration and on the wire. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String toString() {
    return "MailServer[%s:%d, %s]".formatted(host, port, security.word());
  }
}
