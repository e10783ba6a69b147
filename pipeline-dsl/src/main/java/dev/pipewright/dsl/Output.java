package dev.pipewright.dsl;

/**
 * A typed value one step leaves for later ones, found by its name. It must survive a restart of the
 * engine, so it is text or a record. Immutable.
 *
 * @param <T> the type of the value
 */
public final class Output<T> {
  private final String name;
  private final Class<T> type;

  private Output(String name, Class<T> type) {
    this.name = name;
    this.type = type;
  }

  /**
   * An output that holds text.
   *
   * @param name unique in the pipeline
   * @return the output
   */
  public static Output<String> text(String name) {
    return new Output<>(name, String.class);
  }

  /**
   * An output that holds a record of text, numbers, booleans, and lists and records of these.
   *
   * @param <T> the record
   * @param name unique in the pipeline
   * @param type the record's class
   * @return the output
   */
  public static <T extends Record> Output<T> of(String name, Class<T> type) {
    return new Output<>(name, type);
  }

  static Output<Boolean> bool(String name) {
    return new Output<>(name, Boolean.class);
  }

  /** {@return the name of this output} */
  public String name() {
    return name;
  }

  /** {@return the class of its values} */
  public Class<T> type() {
    return type;
  }

  @Override
  public String toString() {
    return "Output " + name;
  }
}
