package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a claimed delivery: its runs and, in words, what could not be done. */
public record DeliveryDone(long fence, List<RunId> runs, @Nullable String problem) {
  public DeliveryDone {
    runs = List.copyOf(runs);
  }
}
