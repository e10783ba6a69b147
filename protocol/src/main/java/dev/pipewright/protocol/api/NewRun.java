package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Plan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run to be queued. {@code key} makes it unique: the same key gives the same run, however often
 * it is asked for. {@code seed} is a zip unpacked into the workspace before the first step; {@code
 * isolated} runs reach nothing but the server.
 */
public record NewRun(
    String key,
    SourceName source,
    String ref,
    CommitId commit,
    Cause cause,
    String versionKey,
    BlobDigest bundle,
    Plan plan,
    Map<String, String> parameters,
    @Nullable BlobDigest seed,
    boolean isolated,
    @Nullable Long timeLimitSeconds) {
  public NewRun {
    parameters = Map.copyOf(parameters);
  }
}
