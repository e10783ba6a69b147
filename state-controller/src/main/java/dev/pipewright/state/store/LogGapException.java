package dev.pipewright.state.store;

/** Output that does not begin where the stored output ends. */
public final class LogGapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long end;

  public LogGapException(long end) {
    super("The stored output ends at byte " + end + ".");
    this.end = end;
  }

  /** Where the stored output ends. */
  public long end() {
    return end;
  }
}
