package dev.pipewright.state.store;

import dev.pipewright.protocol.api.LogTime;
import java.util.List;

/**
 * The output of steps: bytes that only grow, and when they were printed. An appended byte survives
 * the death of the process, though not necessarily that of the machine. Thread-safe; one log has
 * one writer at a time.
 */
public interface LogStore {

  /**
   * Stores {@code bytes} so that they begin at {@code offset}. What lies below the stored end is
   * passed over, so the same call may be repeated.
   *
   * @return the new end
   * @throws LogGapException if {@code offset} lies beyond the end; nothing was stored
   */
  long append(LogKey log, long offset, byte[] bytes);

  /**
   * Puts {@code bytes} in the place of those stored from {@code offset} on, to hide what should not
   * have been stored. The end stays where it is.
   *
   * @throws IllegalArgumentException if not all of that place is stored already
   */
  void overwrite(LogKey log, long offset, byte[] bytes);

  /** How many bytes are stored; 0 for an unknown log. */
  long length(LogKey log);

  /** Up to {@code limit} bytes from {@code offset}; fewer at the end, none beyond it. */
  byte[] read(LogKey log, long offset, int limit);

  /**
   * Notes when stored bytes were printed. The same time may be noted again; one that does not lie
   * behind those noted before may be passed over.
   */
  void note(LogKey log, LogTime time);

  /**
   * The times that were noted, in the order of their offsets, beginning with the one that holds for
   * byte {@code from}; at most {@code limit} of them.
   */
  List<LogTime> times(LogKey log, long from, int limit);

  /** Removes all that is stored; an unknown log does no harm. */
  void remove(LogKey log);

  /** Throws {@link IllegalArgumentException} unless these bytes lie before {@code end}. */
  static void within(long offset, int length, long end) {
    if (offset < 0 || offset + length > end) {
      throw new IllegalArgumentException(
          "Bytes %d to %d are not all stored: the output ends at %d."
              .formatted(offset, offset + length, end));
    }
  }
}
