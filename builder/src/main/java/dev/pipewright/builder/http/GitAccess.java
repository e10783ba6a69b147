package dev.pipewright.builder.http;

import dev.pipewright.builder.git.FetchRequest;
import dev.pipewright.builder.git.Mirror;
import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which mirror a token may read: that of its run's source, and for an admin any. What the
 * State-Controller says of a token is believed for 30 seconds. Thread-safe.
 */
public final class GitAccess {
  private static final Duration BELIEVED = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int REMEMBERED = 10_000;

  private final URI server;
  private final WorkClient client;
  private final Mirrors mirrors;
  private final InstantSource clock;
  private final Map<BlobDigest, Known> known = new ConcurrentHashMap<>();

  public GitAccess(URI server, WorkClient client, Mirrors mirrors, InstantSource clock) {
    this.server = server;
    this.client = client;
    this.mirrors = mirrors;
    this.clock = clock;
  }

  private record Known(TokenSelf self, Instant until) {}

  /**
   * The mirror of {@code source}, with the commit of the token's run in it.
   *
   * @throws ApiException if the token is missing, unknown, or belongs to another source
   */
  Mirror mirror(@Nullable String token, SourceName source) {
    if (token == null) {
      throw new ApiException(
          Problem.Code.UNAUTHORIZED,
          "A token is needed.",
          "Send the run token as 'Authorization: Bearer <token>'.");
    }
    BlobDigest key = BlobDigest.of(token.getBytes(StandardCharsets.UTF_8));
    @Nullable Known found = known.get(key);
    if (found != null && found.until().isAfter(clock.instant())) {
      return allowed(found.self(), source);
    }
    HttpTransport transport = new HttpTransport(server, token, TIMEOUT);
    TokenSelf self = Json.read(transport.get(Routes.TOKEN_SELF).body(), TokenSelf.class);
    Mirror mirror = allowed(self, source);
    @Nullable RunId run = self.run();
    if (run != null) {
      fetchCommitOf(run, mirror);
    }
    remember(key, self);
    return mirror;
  }

  private Mirror allowed(TokenSelf self, SourceName source) {
    boolean own = self.kind() == TokenSelf.Kind.RUN && source.equals(self.source());
    if (!own && self.kind() != TokenSelf.Kind.ADMIN) {
      throw new ApiException(
          Problem.Code.FORBIDDEN,
          "This token may not read the source '" + source + "'.",
          "A run may read its own source only.");
    }
    return mirrors.of(source);
  }

  /** Another Builder may have answered for this commit; then this one has yet to fetch it. */
  private void fetchCommitOf(RunId id, Mirror mirror) {
    RunSnapshot run = client.run(id);
    if (!mirror.holds(run.commit())) {
      String url = client.source(run.source()).source().url();
      mirrors.fetched(new FetchRequest(run.source(), url, run.commit(), run.ref()));
    }
  }

  private void remember(BlobDigest key, TokenSelf self) {
    Instant now = clock.instant();
    if (known.size() >= REMEMBERED) {
      known.values().removeIf(old -> old.until().isBefore(now));
    }
    if (known.size() < REMEMBERED) {
      known.put(key, new Known(self, now.plus(BELIEVED)));
    }
  }
}
