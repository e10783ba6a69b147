package dev.pipewright.builder;

import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.builder.http.GitAccess;
import dev.pipewright.builder.image.RuntimeImages;
import dev.pipewright.builder.maven.MavenLibraries;
import dev.pipewright.builder.meta.BuiltInBundle;
import dev.pipewright.protocol.client.WorkClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A running Builder: answers version and image requests, lists the refs of sources, and serves the
 * mirrors to git clients. Several Builders can share the work. Thread-safe.
 */
public final class Builder implements AutoCloseable {
  private static final int IMAGES_AT_ONCE = 2;
  private static final int LOOKS_AT_ONCE = 4;
  private static final List<Duration> UNREACHABLE_PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(4));

  private final Mirrors mirrors;
  private final GitAccess git;
  private final RuntimeImages images;
  private final List<ClaimLoop<?>> loops;
  private final Cleaning cleaning;

  private Builder(
      Mirrors mirrors,
      GitAccess git,
      RuntimeImages images,
      List<ClaimLoop<?>> loops,
      Cleaning cleaning) {
    this.mirrors = mirrors;
    this.git = git;
    this.images = images;
    this.loops = loops;
    this.cleaning = cleaning;
  }

  /**
   * Starts a Builder. It returns at once and begins to claim; a State-Controller that is not there
   * yet is waited for.
   */
  public static Builder start(BuilderConfig config, WorkClient client, InstantSource clock) {
    byte[] meta = BuiltInBundle.jar();
    Mirrors mirrors =
        new Mirrors(config.data().resolve("mirrors"), config.localRepositories(), clock);
    MavenLibraries libraries =
        MavenLibraries.of(config.data().resolve("libraries"), config.libraries(), clock);
    Versions versions =
        new Versions(
            client,
            mirrors,
            new VersionKeys(config.jars(), meta),
            new CodeRuns(client, clock, libraries, meta),
            UNREACHABLE_PAUSES);
    RuntimeImages images =
        new RuntimeImages(
            config.javaHome(),
            config.jars(),
            config.data(),
            config.dockerHost(),
            config.registry());
    Images answers = new Images(client, images);
    List<ClaimLoop<?>> loops =
        List.of(
            new ClaimLoop<>(
                "version",
                config.versionsAtOnce(),
                new ClaimLoop.Offer<>(client::claimVersion, client::renewVersion),
                versions::answer),
            new ClaimLoop<>(
                "image",
                IMAGES_AT_ONCE,
                new ClaimLoop.Offer<>(client::claimImage, client::renewImage),
                answers::answer),
            new ClaimLoop<>(
                "look",
                LOOKS_AT_ONCE,
                // A look is over long before its lease is.
                new ClaimLoop.Offer<>(client::claimLook, work -> {}),
                new Looks(client, mirrors)::look));
    GitAccess git = new GitAccess(config.server(), client, mirrors, clock);
    loops.forEach(ClaimLoop::start);
    Cleaning cleaning = new Cleaning(client, images, mirrors, libraries, clock);
    cleaning.start(config.cleanEvery());
    return new Builder(mirrors, git, images, loops, cleaning);
  }

  /** Who may read which mirror, for {@link dev.pipewright.builder.http.GitRoutes}. */
  public GitAccess gitAccess() {
    return git;
  }

  /** Stops claiming and ends what is under way; others get it after its lease. */
  @Override
  public void close() {
    cleaning.close();
    loops.forEach(ClaimLoop::close);
    images.close();
    mirrors.close();
  }
}
