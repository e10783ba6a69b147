package dev.pipewright.spawner.status;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.Post;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the requests of several forges have in common. */
final class Requests {
  private static final int HASHED = 8;
  private static final String AUTHORIZATION = "Authorization";

  private Requests() {}

  /** A request to a path below the API of the target; {@code path} is encoded already. */
  static Post to(
      StatusTarget target, String path, Map<String, String> headers, Map<String, ?> body) {
    return Post.json(
        target.api().getHost(),
        URI.create(target.api() + path),
        headers,
        body,
        List.of(target.token(), basic(target.token())));
  }

  /** The repository with each of its parts encoded. */
  static String repository(StatusTarget target) {
    return Arrays.stream(target.repository().split("/", -1))
        .map(UrlText::encoded)
        .collect(Collectors.joining("/"));
  }

  /** The proof of who we are: Basic for user and password, else Bearer. */
  static Map<String, String> proof(StatusTarget target) {
    String token = target.token();
    return Map.of(AUTHORIZATION, token.contains(":") ? "Basic " + basic(token) : "Bearer " + token);
  }

  private static String basic(String token) {
    return Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
  }

  /** The text if it is short enough, else its beginning and something made of all of it. */
  static String key(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    String whole = BlobDigest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    return text.substring(0, most - HASHED - 1) + "-" + whole.substring(0, HASHED);
  }
}
