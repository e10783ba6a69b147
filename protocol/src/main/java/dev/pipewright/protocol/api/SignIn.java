package dev.pipewright.protocol.api;

/** Asks for a session of a browser. */
public record SignIn(String token) {
  @Override
  public String toString() {
    return "SignIn[]";
  }
}
