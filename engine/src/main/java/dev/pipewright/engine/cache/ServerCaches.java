package dev.pipewright.engine.cache;

import dev.pipewright.engine.report.Outage;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.client.EngineClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Caches a server keeps. A server that stays away is given up sooner than for anything else: a run
 * can do without. Thread-safe.
 */
public final class ServerCaches implements Caches {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EngineClient client;
  private final long fence;
  private final Outage outage = new Outage(PATIENCE);

  /** Caches for one launch. */
  public ServerCaches(EngineClient client, long fence) {
    this.client = client;
    this.fence = fence;
  }

  @Override
  public CacheAnswer find(String key) throws IOException, InterruptedException {
    return call(() -> client.cache(key));
  }

  @Override
  public void fetch(BlobDigest archive, Path target) throws IOException, InterruptedException {
    call(
        () -> {
          client.blob(archive, target);
          return archive;
        });
  }

  @Override
  public void store(String key, Path archive) throws IOException, InterruptedException {
    long size = Files.size(archive);
    BlobDigest digest = call(() -> client.store(archive));
    call(
        () -> {
          client.keepCache(new CacheEntry(fence, key, digest, size));
          return digest;
        });
  }

  private interface Call<T> {
    T make() throws IOException;
  }

  private <T> T call(Call<T> call) throws IOException, InterruptedException {
    try {
      return outage.call(
          () -> {
            try {
              return call.make();
            } catch (IOException e) {
              throw new LocalProblem(e);
            }
          });
    } catch (LocalProblem e) {
      throw e.problem;
    } catch (ApiException | UncheckedIOException e) {
      throw new CacheException(String.valueOf(e.getMessage()));
    }
  }

  /** Carries what went wrong on this machine, which to try again would not help. */
  private static final class LocalProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException problem;

    LocalProblem(IOException problem) {
      super(problem);
      this.problem = problem;
    }
  }
}
