package dev.pipewright.ui.feed;

/** A feed that could not be read; the message says why in words for people at the wall. */
public final class FeedException extends Exception {
  private static final long serialVersionUID = 1L;

  FeedException(String message) {
    super(message);
  }
}
