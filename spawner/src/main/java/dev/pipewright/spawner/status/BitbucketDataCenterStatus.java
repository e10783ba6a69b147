package dev.pipewright.spawner.status;

import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Post;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /projects/KEY/repos/REPOSITORY/commits/COMMIT/builds} of Bitbucket Data Center 7.4
 * and later.
 */
final class BitbucketDataCenterStatus implements StatusApi {
  private static final int LONGEST = 255;

  @Override
  public Optional<Post> post(CommitStatus status, StatusTarget target) {
    String[] parts = target.repository().split("/", 2);
    if (parts.length < 2) {
      return Optional.empty();
    }
    String path =
        "/projects/%s/repos/%s/commits/%s/builds"
            .formatted(
                UrlText.encoded(parts[0]), UrlText.encoded(parts[1]), status.commit().value());
    Map<String, String> body = new LinkedHashMap<>();
    body.put("key", Requests.key(status.context(), LONGEST));
    body.put("name", Requests.key(status.context(), LONGEST));
    body.put("state", word(status.state()));
    body.put("url", status.url().toString());
    body.put("description", status.description());
    body.put("buildNumber", Long.toString(status.run().number()));
    if (status.ref().startsWith("refs/heads/") || status.ref().startsWith("refs/tags/")) {
      body.put("ref", status.ref());
    }
    return Optional.of(Requests.to(target, path, Requests.proof(target), body));
  }

  private static String word(StatusState state) {
    return switch (state) {
      case QUEUED, RUNNING, WAITING -> "INPROGRESS";
      case SUCCEEDED -> "SUCCESSFUL";
      case FAILED, ERRORED -> "FAILED";
      case CANCELLED -> "CANCELLED";
    };
  }
}
