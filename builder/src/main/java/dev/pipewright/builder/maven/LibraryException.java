package dev.pipewright.builder.maven;

/** Libraries that cannot be had; the message says which, why, and what to do. */
public final class LibraryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean temporary;

  LibraryException(String message, boolean temporary) {
    super(message);
    this.temporary = temporary;
  }

  /** Libraries that will not do, however often one asks. */
  public static LibraryException refused(String message) {
    return new LibraryException(message, false);
  }

  /** True if the repository could not be reached, so that asking again may help. */
  public boolean isTemporary() {
    return temporary;
  }
}
