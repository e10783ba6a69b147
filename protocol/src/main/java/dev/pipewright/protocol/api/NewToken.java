package dev.pipewright.protocol.api;

/**
 * A token that was just made.
 *
 * @param token the token itself; it is told this once and never again
 */
public record NewToken(TokenView view, String token) {
  @Override
  public String toString() {
    return "NewToken[" + view + "]";
  }
}
