package dev.pipewright.state;

import dev.pipewright.protocol.run.RunSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which ref stands for a pipeline on walls and in feeds: the configured default branch of its
 * source; else main, else master, if it has a result there; else the branch with the newest result,
 * else the ref with the newest result; else that of its oldest run that is not over.
 */
final class DefaultRef {
  private static final String HEADS = "refs/heads/";

  private DefaultRef() {}

  static Optional<String> of(
      @Nullable String configured, PipelineRecord pipeline, List<RunSnapshot> active) {
    if (configured != null) {
      return Optional.of(HEADS + configured);
    }
    for (String usual : List.of(HEADS + "main", HEADS + "master")) {
      if (pipeline.results().containsKey(usual)) {
        return Optional.of(usual);
      }
    }
    return pipeline.results().entrySet().stream()
        .max(
            Comparator.comparing(
                    (Map.Entry<String, RefResult> entry) -> entry.getKey().startsWith(HEADS))
                .thenComparing(entry -> PipelineRecord.finishedAt(entry.getValue().last())))
        .map(Map.Entry::getKey)
        .or(() -> active.stream().findFirst().map(RunSnapshot::ref));
  }
}
