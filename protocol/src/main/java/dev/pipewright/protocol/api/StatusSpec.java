package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * Has the statuses of a source sent to its forge. {@code token} may set statuses there; {@code api}
 * is the address of the API where it cannot be told from the URL of the repository.
 */
public record StatusSpec(String token, @Nullable String api) {
  @Override
  public String toString() {
    return "StatusSpec[" + api + "]";
  }
}
