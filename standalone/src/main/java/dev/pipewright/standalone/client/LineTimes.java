package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.LogTime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the second in which a line began before each line of the output of one step, {@code -} where
 * it is not known. Confined to one thread.
 */
final class LineTimes {
  private final List<LogTime> times = new ArrayList<>();
  private int next;
  private long offset;
  private boolean midLine;

  /** The byte with which the next piece begins. */
  long offset() {
    return offset;
  }

  /** Where the last time that is known begins to hold; 0 if none is known. */
  long lastKnown() {
    return times.isEmpty() ? 0 : times.getLast().offset();
  }

  /** Takes times in the order of their offsets; those that are known already are passed over. */
  void add(List<LogTime> more) {
    for (LogTime time : more) {
      if (times.isEmpty() || time.offset() > lastKnown()) {
        times.add(time);
      }
    }
  }

  /** The next piece of the output with its times. */
  byte[] timed(byte[] piece) {
    ByteArrayOutputStream timed = new ByteArrayOutputStream(piece.length * 2);
    for (byte b : piece) {
      if (!midLine) {
        timed.writeBytes((now() + " ").getBytes(StandardCharsets.UTF_8));
      }
      timed.write(b);
      midLine = b != '\n';
      offset++;
    }
    return timed.toByteArray();
  }

  private String now() {
    while (next < times.size() && times.get(next).offset() <= offset) {
      next++;
    }
    return next == 0 ? "-" : times.get(next - 1).at().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
