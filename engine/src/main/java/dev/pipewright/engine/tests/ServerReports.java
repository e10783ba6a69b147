package dev.pipewright.engine.tests;

import dev.pipewright.engine.report.Outage;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.client.EngineClient;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Keeps test reports with the server. Thread-safe. */
public final class ServerReports implements ReportShelf {
  private final EngineClient client;
  private final Outage outage;

  /** The shelf of one launch. */
  public ServerReports(EngineClient client, Outage outage) {
    this.client = client;
    this.outage = outage;
  }

  @Override
  public BlobDigest store(byte[] report) throws IOException, InterruptedException {
    try {
      return outage.call(() -> client.store(report));
    } catch (ApiException | UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
