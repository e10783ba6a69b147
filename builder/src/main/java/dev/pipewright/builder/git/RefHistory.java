package dev.pipewright.builder.git;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;

/**
 * The history of one ref, as far as a mirror has it. A forge gives out every commit by its id, also
 * those of forks and of pull requests that nobody has looked at, so that a commit can be fetched
 * says nothing about where it is. The ref as it was last seen is kept under {@code
 * refs/pipewright-tips}: what was once seen in its history needs no network. Whoever fetches holds
 * the lock of the mirror.
 */
final class RefHistory {
  private static final String TIPS = "refs/pipewright-tips/";

  /** Nearly always the commit is the newest; the whole history is the last resort. */
  private static final int[] DEPTHS = {1, 50, Constants.INFINITE_DEPTH};

  private final Repository mirror;
  private final String ref;
  private final String tip;

  RefHistory(Repository mirror, String ref) {
    this.mirror = mirror;
    this.ref = ref;
    // A branch may have been deleted to make room for others below its name: names are not nested.
    this.tip = TIPS + BlobDigest.of(ref.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** True if the ref was seen to hold this commit, or to be this tag object. */
  boolean isSeenToHold(CommitId id) throws IOException {
    Ref seen = mirror.exactRef(tip);
    if (seen == null) {
      return false;
    }
    ObjectId claimed = ObjectId.fromString(id.value());
    if (claimed.equals(seen.getObjectId())) {
      return true;
    }
    try (RevWalk walk = new RevWalk(mirror)) {
      return walk.isMergedInto(walk.parseCommit(claimed), walk.parseCommit(seen.getObjectId()));
    } catch (MissingObjectException e) {
      return false;
    }
  }

  /**
   * Fetches as much of the ref as is needed to tell whether it holds this commit.
   *
   * @throws MirrorException if the repository cannot be reached, or has no such ref now
   */
  boolean fetch(Remote remote, CommitId id) throws IOException {
    RefSpec spec = new RefSpec().setForceUpdate(true).setSource(ref).setDestination(tip);
    for (int depth : DEPTHS) {
      try {
        remote.fetch(spec, depth);
      } catch (TransportException e) {
        boolean there = remote.refs().stream().anyMatch(found -> found.getName().equals(ref));
        if (!there) {
          throw MirrorException.absent(
              "The repository %s has no '%s' (any more), so it does not hold the commit %s there."
                  .formatted(remote.url(), Remote.printable(ref), id));
        }
        throw remote.unreachable(e);
      }
      if (isSeenToHold(id)) {
        return true;
      }
    }
    return false;
  }
}
