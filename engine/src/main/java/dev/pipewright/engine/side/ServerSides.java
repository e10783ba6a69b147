package dev.pipewright.engine.side;

import dev.pipewright.engine.report.Outage;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.client.EngineClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Containers that a Spawner starts on behalf of a server. Thread-safe. */
public final class ServerSides implements Sides {
  private final EngineClient client;
  private final long fence;
  private final Outage outage;
  private final Path folder;

  /**
   * Containers of one launch.
   *
   * @param folder in the run folder, which is shared with them
   */
  public ServerSides(EngineClient client, long fence, Outage outage, Path folder) {
    this.client = client;
    this.fence = fence;
    this.outage = outage;
    this.folder = folder;
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(folder);
  }

  @Override
  public SideView request(SideWish wish) throws IOException, InterruptedException {
    SideRequest request =
        new SideRequest(fence, wish.key(), wish.name(), wish.image(), wish.command());
    return call(() -> client.side(request));
  }

  @Override
  public SideView view(String key, SideView.State known, Duration patience)
      throws IOException, InterruptedException {
    return call(() -> client.side(key, known, patience));
  }

  @Override
  public String lastOutput(String key, Duration patience) throws IOException, InterruptedException {
    SideView view = view(key, SideView.State.RUNNING, patience);
    String output = SideWatch.isOver(view) ? view.output() : null;
    return output == null ? "" : output;
  }

  @Override
  public void end(String key) throws IOException, InterruptedException {
    call(
        () -> {
          client.endSide(new SideEnd(fence, key));
          return key;
        });
  }

  private <T> T call(Supplier<T> request) throws IOException, InterruptedException {
    try {
      return outage.call(request);
    } catch (ApiException | UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
