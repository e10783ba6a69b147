package dev.pipewright.spawner.status;

import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Answer;
import dev.pipewright.spawner.post.Post;
import java.util.Optional;

/** How a kind of forge is told of the status of a commit. Pure. */
public interface StatusApi {

  /** The request that tells it; nothing if this forge shows no status of such a ref. */
  Optional<Post> post(CommitStatus status, StatusTarget target);

  /** True if an answer other than 2xx means that the forge shows that state already. */
  default boolean isKnown(Answer answer) {
    return false;
  }

  /** How this kind is told; nothing if it has no API for that. */
  static Optional<StatusApi> of(ForgeKind forge) {
    return switch (forge) {
      case GITHUB -> Optional.of(new GitHubStatus());
      case GITLAB -> Optional.of(new GitLabStatus());
      case GITEA, FORGEJO -> Optional.of(new GiteaStatus());
      case BITBUCKET_CLOUD -> Optional.of(new BitbucketCloudStatus());
      case BITBUCKET_DATACENTER -> Optional.of(new BitbucketDataCenterStatus());
      case GERRIT -> Optional.of(new GerritVote());
      case GOGS, PLAIN_GIT -> Optional.empty();
    };
  }
}
