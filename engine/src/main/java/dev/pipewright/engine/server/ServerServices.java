package dev.pipewright.engine.server;

import dev.pipewright.engine.cache.ServerCaches;
import dev.pipewright.engine.execute.Surroundings;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.report.Reporter;
import dev.pipewright.engine.report.ServerCalls;
import dev.pipewright.engine.secret.ServerSecrets;
import dev.pipewright.engine.side.ServerSides;
import dev.pipewright.engine.tests.ServerReports;
import dev.pipewright.engine.waiting.Downstreams;
import dev.pipewright.engine.waiting.Locks;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.client.EngineClient;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Asks the server, for one launch, for everything steps may ask for. Thread-safe.
 *
 * @param client speaks to the server
 * @param fence the number of the launch
 * @param outage how long the server may be away
 * @param calls repeats questions while it is
 * @param reporter what was told through it is stored before anything is asked that depends on it
 * @param sides the folder shared with containers
 */
public record ServerServices(
    EngineClient client,
    long fence,
    Outage outage,
    ServerCalls calls,
    Reporter reporter,
    Path sides) {

  /** All of it. */
  public Surroundings surroundings() {
    return new Surroundings(
        new ServerSecrets(client, fence, outage, reporter),
        new ServerLocks(),
        this::start,
        new ServerCaches(client, fence),
        new ServerSides(client, fence, outage, sides),
        new ServerReports(client, outage));
  }

  private String start(Downstreams.Wish wish) throws IOException, InterruptedException {
    DownstreamRequest request =
        new DownstreamRequest(
            fence,
            wish.key(),
            new PipelineName(wish.pipeline()),
            wish.parameters(),
            wish.awaited());
    return "Asked for a run of '%s' (%s)."
        .formatted(wish.pipeline(), calls.ask(() -> client.startDownstream(request)));
  }

  private final class ServerLocks implements Locks {
    @Override
    public LockAnswer request(String lock, String key) throws IOException, InterruptedException {
      return calls.ask(() -> client.lock(new LockRequest(fence, lock, key)));
    }

    @Override
    public void release(String lock, String key) throws IOException, InterruptedException {
      calls.tell(() -> client.release(new LockRequest(fence, lock, key)));
    }
  }

  /** Writes a blob into a file. */
  public void download(BlobDigest blob, Path target) throws IOException, InterruptedException {
    calls.tell(() -> client.blob(blob, target));
  }
}
