package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Plan;
import java.time.Instant;
import java.util.List;

/**
 * The compiled pipeline code of one folder content; {@code key} is made of the tree id, the DSL
 * version and the JDK, and {@code builtBy} is the run that built it.
 */
public record PipelineVersion(
    String key,
    SourceName source,
    String treeId,
    BlobDigest bundle,
    List<Plan> plans,
    RunId builtBy,
    Instant builtAt) {
  public PipelineVersion {
    plans = List.copyOf(plans);
  }
}
