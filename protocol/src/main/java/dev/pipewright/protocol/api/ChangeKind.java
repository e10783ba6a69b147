package dev.pipewright.protocol.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What kind of change a ref had. */
public enum ChangeKind {
  PUSH,
  TAG,
  PULL_REQUEST,
  MERGE_GROUP,
  MANUAL,
  CRON;

  /** The word on the wire, also the kind of the cause of a run. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
