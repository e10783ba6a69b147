package dev.pipewright.state.feed.clients;

import java.util.Map;

/** A build monitor. */
public interface Client {
  /**
   * What it shows after it was given this feed, by the names that the feed has.
   *
   * @throws UnreadableException if it loses the whole feed
   */
  Map<String, Seen> read(byte[] feed);

  /** The whole feed is lost to this monitor. */
  final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message, Throwable cause) {
      super(message, cause);
    }

    UnreadableException(String message) {
      super(message);
    }
  }
}
