package dev.pipewright.protocol.api;

import java.net.URI;

/**
 * Where the statuses of a source go.
 *
 * @param forge the word of a {@link ForgeKind}
 * @param api address of its API, without a slash at the end
 * @param repository the repository there, its parts separated by slashes; checked, not encoded
 * @param token what proves who we are; with a colon, user and password
 */
public record StatusTarget(String forge, URI api, String repository, String token) {
  @Override
  public String toString() {
    return "StatusTarget[%s, %s, %s]".formatted(forge, api, repository);
  }
}
