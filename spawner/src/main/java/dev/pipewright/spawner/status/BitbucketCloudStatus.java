package dev.pipewright.spawner.status;

import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Post;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /repositories/WORKSPACE/REPOSITORY/commit/COMMIT/statuses/build} of Bitbucket Cloud.
 */
final class BitbucketCloudStatus implements StatusApi {
  private static final int LONGEST_KEY = 40;
  private static final String BRANCH = "refs/heads/";

  @Override
  public Optional<Post> post(CommitStatus status, StatusTarget target) {
    String path =
        "/repositories/"
            + Requests.repository(target)
            + "/commit/"
            + status.commit().value()
            + "/statuses/build";
    Map<String, String> body = new LinkedHashMap<>();
    body.put("key", Requests.key(status.context(), LONGEST_KEY));
    body.put("name", status.context());
    body.put("state", word(status.state()));
    body.put("url", status.url().toString());
    body.put("description", status.description());
    if (status.ref().startsWith(BRANCH)) {
      body.put("refname", status.ref().substring(BRANCH.length()));
    }
    return Optional.of(Requests.to(target, path, Requests.proof(target), body));
  }

  private static String word(StatusState state) {
    return switch (state) {
      case QUEUED, RUNNING, WAITING -> "INPROGRESS";
      case SUCCEEDED -> "SUCCESSFUL";
      case FAILED, ERRORED -> "FAILED";
      case CANCELLED -> "STOPPED";
    };
  }
}
