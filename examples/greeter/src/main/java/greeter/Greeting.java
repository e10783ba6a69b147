package greeter;

/** What the service says to a person. */
final class Greeting {
  private final String name;

  Greeting(String name) {
    this.name = name == null || name.isBlank() ? "stranger" : name.strip();
  }

  String text() {
    return "Hello, " + name + "!";
  }
}
