package dev.pipewright.spawner.status;

import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Answer;
import dev.pipewright.spawner.post.Post;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /projects/PROJECT/statuses/COMMIT} of GitLab, where a project is its encoded path.
 * GitLab refuses to enter a state twice, and keeps the first description then.
 */
final class GitLabStatus implements StatusApi {
  private static final int BAD_REQUEST = 400;

  @Override
  public Optional<Post> post(CommitStatus status, StatusTarget target) {
    String path =
        "/projects/"
            + UrlText.encoded(target.repository())
            + "/statuses/"
            + status.commit().value();
    Map<String, String> body = new LinkedHashMap<>();
    body.put("state", word(status.state()));
    body.put("name", status.context());
    body.put("target_url", status.url().toString());
    body.put("description", status.description());
    String ref = status.ref().replaceFirst("^refs/(heads|tags)/", "");
    if (!ref.startsWith("refs/")) {
      body.put("ref", ref);
    }
    return Optional.of(Requests.to(target, path, Map.of("PRIVATE-TOKEN", target.token()), body));
  }

  @Override
  public boolean isKnown(Answer answer) {
    return answer.status() == BAD_REQUEST && answer.text().contains("Cannot transition status");
  }

  private static String word(StatusState state) {
    return switch (state) {
      case QUEUED -> "pending";
      case RUNNING, WAITING -> "running";
      case SUCCEEDED -> "success";
      case FAILED, ERRORED -> "failed";
      case CANCELLED -> "canceled";
    };
  }
}
