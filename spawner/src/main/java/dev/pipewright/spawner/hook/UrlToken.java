package dev.pipewright.spawner.hook;

import java.util.Optional;

/** The secret in the query of the URL, for senders that cannot sign. */
final class UrlToken implements Proof {
  @Override
  public Optional<String> fault(String secret, HookRequest request) {
    Optional<String> given = request.headers().token();
    if (given.isEmpty()) {
      return Optional.of("The URL has no ?token=; it must hold the secret of the source.");
    }
    return Hmac.equal(secret, given.get())
        ? Optional.empty()
        : Optional.of("The token in the URL is not the secret of the source.");
  }
}
