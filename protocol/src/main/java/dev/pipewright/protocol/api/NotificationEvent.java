package dev.pipewright.protocol.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What people are told of. */
public enum NotificationEvent {
  /** A run ended badly, and the one before it on this ref did not, or there was none. */
  BROKE,
  /** A run succeeded after one on this ref that ended badly. */
  FIXED,
  /** A run ended badly, like the one before it on this ref. */
  FAILED,
  /** A run waits for a person. */
  WAITING;

  /** The word in configuration and on the wire. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
