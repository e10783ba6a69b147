package dev.pipewright.state;

/** The store was written by a newer program, so this one leaves it alone; the message says so. */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaException(String message) {
    super(message);
  }
}
