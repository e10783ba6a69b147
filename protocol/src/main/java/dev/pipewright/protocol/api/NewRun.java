package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Plan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run to be queued. {@code key} makes it unique: the same key gives the same run, however often
 * it is asked for. {@code seed} is a zip unpacked into the workspace before the first step; {@code
 * isolated} runs reach nothing but the server.
 *
 * @param origin where its commit comes from; {@link Origin#UNKNOWN} if nobody says
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
    @Nullable Long timeLimitSeconds,
    Origin origin) {
  public NewRun {
    parameters = Map.copyOf(parameters);
    origin = origin == null ? Origin.UNKNOWN : origin;
  }

  /** The same run from somewhere else. */
  public NewRun with(Origin other) {
    return new NewRun(
        key,
        source,
        ref,
        commit,
        cause,
        versionKey,
        bundle,
        plan,
        parameters,
        seed,
        isolated,
        timeLimitSeconds,
        other);
  }

  /** The same run with something else that started it. */
  public NewRun with(Cause other) {
    return new NewRun(
        key,
        source,
        ref,
        commit,
        other,
        versionKey,
        bundle,
        plan,
        parameters,
        seed,
        isolated,
        timeLimitSeconds,
        origin);
  }
}
