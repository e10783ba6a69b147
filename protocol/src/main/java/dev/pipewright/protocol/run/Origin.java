package dev.pipewright.protocol.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/**
 * Where the commit of a run comes from, which decides what the run may do.
 *
 * @param pull number of the pull request; null for every other cause
 * @param codeRef the branch whose pipeline code the run uses; null for that of its own commit
 * @param codeCommit the commit of that branch
 * @param approval who vouched for the commit; null while nobody did. Only the State-Controller says
 *     this: what others write here is passed over.
 */
public record Origin(
    Trust trust,
    @Nullable Long pull,
    @Nullable String codeRef,
    @Nullable CommitId codeCommit,
    @Nullable CommitApproval approval) {

  /** A commit that somebody pushed who may. */
  public static final Origin TRUSTED = new Origin(Trust.TRUSTED, null, null, null, null);

  /** A commit of which nobody said where it comes from: anybody may have made it. */
  public static final Origin UNKNOWN = new Origin(Trust.FOREIGN, null, null, null, null);

  /** True if secrets, shared caches, shared locks and other pipelines are for this run. */
  @JsonIgnore
  public boolean isVouchedFor() {
    return trust != Trust.FOREIGN || approval != null;
  }

  /** The same commit with or without somebody who vouches for it. */
  public Origin approved(@Nullable CommitApproval by) {
    return new Origin(trust, pull, codeRef, codeCommit, by);
  }
}
