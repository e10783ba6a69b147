package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.run.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a version request stands. READY with no plans means the commit holds no pipeline code;
 * {@code commit} and {@code ref} are what was asked for, resolved.
 */
public record VersionAnswer(
    State state,
    @Nullable String reason,
    @Nullable String ref,
    @Nullable CommitId commit,
    @Nullable String versionKey,
    @Nullable BlobDigest bundle,
    List<Plan> plans,
    @Nullable String author,
    @Nullable String subject) {
  public VersionAnswer {
    plans = List.copyOf(plans);
  }

  /** This answer with the author and the subject of the commit; both are untrusted text. */
  public VersionAnswer madeBy(@Nullable String by, @Nullable String what) {
    return new VersionAnswer(state, reason, ref, commit, versionKey, bundle, plans, by, what);
  }

  /** Where the request stands. */
  public enum State {
    PENDING,
    READY,
    FAILED,
    /** It could not be found out for a reason that passes by: ask again later. */
    UNAVAILABLE
  }
}
