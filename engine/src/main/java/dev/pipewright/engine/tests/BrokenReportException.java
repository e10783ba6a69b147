package dev.pipewright.engine.tests;

/** A file is not a test report, or only the beginning of one; the message says why. */
final class BrokenReportException extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenReportException(String message) {
    super(message);
  }
}
