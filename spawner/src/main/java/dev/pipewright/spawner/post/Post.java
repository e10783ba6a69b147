package dev.pipewright.spawner.post;

import dev.pipewright.protocol.json.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request to a server outside.
 *
 * @param receiver who gets it, for people; without any secret
 * @param body JSON
 * @param secrets what must not be seen in anything that is told of it
 */
public record Post(
    String receiver, URI url, Map<String, String> headers, byte[] body, List<String> secrets) {
  public Post {
    headers = Map.copyOf(headers);
    secrets = List.copyOf(secrets);
  }

  /** A request with this value as its body. */
  public static Post json(
      String receiver, URI url, Map<String, String> headers, Object value, List<String> secrets) {
    return new Post(receiver, url, headers, Json.bytes(value), secrets);
  }

  /** The same with more headers. */
  public Post with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Post(receiver, url, all, body, secrets);
  }

  @Override
  public String toString() {
    return "Post[" + receiver + "]";
  }
}
