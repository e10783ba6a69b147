package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run has started.
 *
 * @param key the node of the run that did
 * @param awaited whether that node waits for its end
 * @param delivery id of the delivery that stands for it
 * @param planned whether it is known what came of it: {@code runs}, or {@code problem} if none
 */
public record DownstreamRecord(
    RunId run,
    int attempt,
    String key,
    boolean awaited,
    String delivery,
    boolean planned,
    List<RunId> runs,
    @Nullable String problem) {
  public DownstreamRecord {
    runs = List.copyOf(runs);
  }

  /** Where it is kept. */
  static String id(RunId run, int attempt, String key) {
    return run + "|" + attempt + "|" + key;
  }

  String id() {
    return id(run, attempt, key);
  }

  DownstreamRecord planned(List<RunId> started, @Nullable String why) {
    return new DownstreamRecord(run, attempt, key, awaited, delivery, true, started, why);
  }
}
