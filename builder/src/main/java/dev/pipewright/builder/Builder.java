package dev.pipewright.builder;

import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.builder.http.GitAccess;
import dev.pipewright.builder.http.GitRoutes;
import dev.pipewright.builder.meta.BuiltInBundle;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.client.WorkClient;
import io.vertx.ext.web.Router;
import java.time.InstantSource;

/**
 * A running Builder: answers version and image requests, and serves the mirrors to git clients.
 * Several Builders can share the work. Thread-safe.
 */
public final class Builder implements AutoCloseable {
  private final Mirrors mirrors;
  private final GitRoutes git;
  private final ClaimLoop<VersionWork> versions;

  private Builder(Mirrors mirrors, GitRoutes git, ClaimLoop<VersionWork> versions) {
    this.mirrors = mirrors;
    this.git = git;
    this.versions = versions;
  }

  /**
   * Starts a Builder. It returns at once and begins to claim; a State-Controller that is not there
   * yet is waited for.
   */
  public static Builder start(BuilderConfig config, WorkClient client, InstantSource clock) {
    byte[] meta = BuiltInBundle.jar();
    Mirrors mirrors =
        new Mirrors(config.data().resolve("mirrors"), config.localRepositories(), clock);
    Versions versions =
        new Versions(
            client,
            mirrors,
            new VersionKeys(config.engineClassPath(), meta),
            new CodeRuns(client, clock, meta));
    ClaimLoop<VersionWork> loop =
        new ClaimLoop<>("version", config.versionsAtOnce(), client::claimVersion, versions::answer);
    GitRoutes git = new GitRoutes(new GitAccess(config.server(), client, mirrors, clock));
    loop.start();
    return new Builder(mirrors, git, loop);
  }

  /** Adds the Builder's routes, all below {@code /git}. */
  public void mount(Router router) {
    git.mount(router);
  }

  /** Stops claiming and ends what is under way; others get it after its lease. */
  @Override
  public void close() {
    versions.close();
    mirrors.close();
  }
}
