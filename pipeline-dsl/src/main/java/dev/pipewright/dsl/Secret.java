package dev.pipewright.dsl;

/** A secret of the server, by name; the value never appears in a definition. Immutable. */
public final class Secret {
  private final String name;

  Secret(String name) {
    this.name = name;
  }

  /** {@return the name of this secret} */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "Secret " + name;
  }
}
