package dev.pipewright.protocol.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a commit is trusted; decided when the change was received, and never raised later. */
public enum Trust {
  /** Somebody who may push to the registered repository put it there. */
  TRUSTED,
  /** The head of a pull request that is a branch of the registered repository. */
  INTERNAL,
  /**
   * Anybody may have made it: it comes from a fork, from a head repository that is gone or not
   * named, or is a change that nobody has reviewed.
   */
  FOREIGN;

  /** The word on the wire. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
