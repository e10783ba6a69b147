package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Plan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All an engine must know to do its run. {@code checkoutPath} is a path on the server from which
 * the commit can be fetched with the run token.
 */
public record Assignment(
    RunId run,
    int attempt,
    long fence,
    SourceName source,
    String ref,
    CommitId commit,
    Cause cause,
    BlobDigest bundle,
    Plan plan,
    Map<String, String> parameters,
    @Nullable BlobDigest seed,
    String checkoutPath) {
  public Assignment {
    parameters = Map.copyOf(parameters);
  }
}
