package dev.pipewright.dsl;

/** A container beside a step, such as a database. Immutable. */
public final class Service {
  private final String name;
  private final String image;

  Service(String name, String image) {
    this.name = name;
    this.image = image;
  }

  /** {@return the host name the step reaches it by} */
  public String name() {
    return name;
  }

  /** {@return the container image} */
  public String image() {
    return image;
  }

  @Override
  public String toString() {
    return "Service " + name + " (" + image + ")";
  }
}
