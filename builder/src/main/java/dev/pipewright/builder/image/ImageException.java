package dev.pipewright.builder.image;

import org.jspecify.annotations.Nullable;

/** A runtime image that could not be made; the message names the base, the reason and a way out. */
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
