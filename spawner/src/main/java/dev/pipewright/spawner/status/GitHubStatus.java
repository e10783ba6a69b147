package dev.pipewright.spawner.status;

import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Post;
import java.util.Map;
import java.util.Optional;

/** {@code POST /repos/OWNER/REPOSITORY/statuses/COMMIT} of GitHub. */
final class GitHubStatus implements StatusApi {

  @Override
  public Optional<Post> post(CommitStatus status, StatusTarget target) {
    String path = "/repos/" + Requests.repository(target) + "/statuses/" + status.commit().value();
    return Optional.of(
        Requests.to(target, path, Requests.proof(target), body(status))
            .with(
                Map.of(
                    "Accept",
                    "application/vnd.github+json",
                    "X-GitHub-Api-Version",
                    "2022-11-28")));
  }

  /** The body that GitHub and Gitea share. */
  static Map<String, String> body(CommitStatus status) {
    return Map.of(
        "state",
        word(status.state()),
        "target_url",
        status.url().toString(),
        "description",
        status.description(),
        "context",
        status.context());
  }

  private static String word(StatusState state) {
    return switch (state) {
      case QUEUED, RUNNING, WAITING -> "pending";
      case SUCCEEDED -> "success";
      case FAILED -> "failure";
      case ERRORED, CANCELLED -> "error";
    };
  }
}
