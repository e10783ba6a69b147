package dev.pipewright.spawner.status;

import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Post;
import java.util.Map;
import java.util.Optional;

/** {@code POST /repos/OWNER/REPOSITORY/statuses/COMMIT} of Gitea and Forgejo. */
final class GiteaStatus implements StatusApi {

  @Override
  public Optional<Post> post(CommitStatus status, StatusTarget target) {
    String path = "/repos/" + Requests.repository(target) + "/statuses/" + status.commit().value();
    Map<String, String> proof =
        target.token().contains(":")
            ? Requests.proof(target)
            : Map.of("Authorization", "token " + target.token());
    return Optional.of(Requests.to(target, path, proof, GitHubStatus.body(status)));
  }
}
