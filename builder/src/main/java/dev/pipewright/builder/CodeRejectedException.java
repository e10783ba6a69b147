package dev.pipewright.builder;

/**
 * Pipeline code that gives no pipelines, for a reason that lies in the code: the same code gives
 * the same answer.
 */
final class CodeRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CodeRejectedException(String message) {
    super(message);
  }
}
