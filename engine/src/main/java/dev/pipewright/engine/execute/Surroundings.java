package dev.pipewright.engine.execute;

import dev.pipewright.engine.cache.Caches;
import dev.pipewright.engine.secret.KnownSecrets;
import dev.pipewright.engine.secret.SecretSource;
import dev.pipewright.engine.side.NoSides;
import dev.pipewright.engine.side.Sides;
import dev.pipewright.engine.tests.ReportShelf;
import dev.pipewright.engine.waiting.Downstreams;
import dev.pipewright.engine.waiting.Locks;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.LockAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What steps may ask of whoever runs them: a server, the machine of a person, a test. Immutable.
 *
 * @param secrets values of secrets
 * @param locks locks
 * @param downstreams runs of other pipelines
 * @param caches folders of earlier runs
 * @param sides containers
 * @param reports keeps test reports
 * @param keeping how much may be kept of the run
 */
public record Surroundings(
    SecretSource secrets,
    Locks locks,
    Downstreams downstreams,
    Caches caches,
    Sides sides,
    ReportShelf reports,
    Allowance keeping) {
  private static final long KEPT = 2L * 1024 * 1024 * 1024;

  /** Surroundings of a run of which 2 GiB may be kept. */
  public Surroundings(
      SecretSource secrets,
      Locks locks,
      Downstreams downstreams,
      Caches caches,
      Sides sides,
      ReportShelf reports) {
    this(secrets, locks, downstreams, caches, sides, reports, new Allowance(KEPT));
  }

  /** Grants every lock, because there is nobody else; has and does nothing otherwise. */
  public static Surroundings alone() {
    return new Surroundings(
        new KnownSecrets(Map.of(), "This run has no secrets."),
        new Alone(),
        wish -> {
          throw new IOException("There is nobody who could run '" + wish.pipeline() + "'.");
        },
        new Alone(),
        new NoSides("There are no containers here."),
        BlobDigest::of);
  }

  /** The same with other secrets. */
  public Surroundings withSecrets(SecretSource other) {
    return new Surroundings(other, locks, downstreams, caches, sides, reports, keeping);
  }

  /** The same with other locks. */
  public Surroundings withLocks(Locks other) {
    return new Surroundings(secrets, other, downstreams, caches, sides, reports, keeping);
  }

  /** The same with other runs. */
  public Surroundings withDownstreams(Downstreams other) {
    return new Surroundings(secrets, locks, other, caches, sides, reports, keeping);
  }

  /** The same with other caches. */
  public Surroundings withCaches(Caches other) {
    return new Surroundings(secrets, locks, downstreams, other, sides, reports, keeping);
  }

  /** The same with other containers. */
  public Surroundings withSides(Sides other) {
    return new Surroundings(secrets, locks, downstreams, caches, other, reports, keeping);
  }

  /** The same with another shelf. */
  public Surroundings withReports(ReportShelf other) {
    return new Surroundings(secrets, locks, downstreams, caches, sides, other, keeping);
  }

  /** The same with another allowance. */
  public Surroundings withKeeping(Allowance other) {
    return new Surroundings(secrets, locks, downstreams, caches, sides, reports, other);
  }

  private static final class Alone implements Locks, Caches {
    @Override
    public LockAnswer request(String lock, String key) {
      return new LockAnswer(true, 1, null, 0);
    }

    @Override
    public void release(String lock, String key) {
      // Nobody waits for it.
    }

    @Override
    public CacheAnswer find(String key) {
      return new CacheAnswer(null, 0, "There is no cache here.");
    }

    @Override
    public void fetch(BlobDigest archive, Path target) throws IOException {
      throw new IOException("There is no cache here.");
    }

    @Override
    public void store(String key, Path archive) {
      // Nobody would ask for it.
    }
  }
}
