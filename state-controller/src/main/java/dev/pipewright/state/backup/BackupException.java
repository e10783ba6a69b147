package dev.pipewright.state.backup;

/** A backup cannot be used; the message says why. */
public final class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BackupException(String message) {
    super(message);
  }
}
