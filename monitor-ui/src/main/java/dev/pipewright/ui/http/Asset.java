package dev.pipewright.ui.http;

import io.vertx.core.buffer.Buffer;

/** One file as it is served: its bytes, media type and entity tag. Immutable. */
record Asset(Buffer content, String mediaType, String tag) {

  /** True if one of the tags of an {@code If-None-Match} header names this content. */
  boolean isNamedBy(String header) {
    for (String candidate : header.split(",", -1)) {
      String found = candidate.strip();
      String strong = found.startsWith("W/") ? found.substring(2) : found;
      if (strong.equals("*") || strong.equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
