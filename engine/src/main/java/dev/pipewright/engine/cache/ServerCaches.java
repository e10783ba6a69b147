package dev.pipewright.engine.cache;

import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.report.ServerCalls;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.client.EngineClient;
import java.io.IOException;
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
  private final ServerCalls calls;

  /** Caches for one launch. */
  public ServerCaches(EngineClient client, long fence) {
    this.client = client;
    this.fence = fence;
    // Who has lost the run learns it from the lease, within a second.
    this.calls = new ServerCalls(new Outage(PATIENCE), _ -> {});
  }

  @Override
  public CacheAnswer find(String key) throws IOException, InterruptedException {
    return calls.ask(() -> client.cache(key));
  }

  @Override
  public void fetch(BlobDigest archive, Path target) throws IOException, InterruptedException {
    calls.tell(() -> client.blob(archive, target));
  }

  @Override
  public void store(String key, Path archive) throws IOException, InterruptedException {
    long size = Files.size(archive);
    BlobDigest digest = calls.ask(() -> client.store(archive));
    calls.tell(() -> client.keepCache(new CacheEntry(fence, key, digest, size)));
  }
}
