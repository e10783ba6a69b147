package dev.pipewright.engine.git;

import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/**
 * Where a commit is fetched from.
 *
 * @param url the repository
 * @param commit which commit
 * @param token sent as a bearer token; null for none
 */
public record Remote(String url, CommitId commit, @Nullable String token) {

  @Override
  public String toString() {
    return commit + " of " + url;
  }
}
