package dev.pipewright.engine.secret;

import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.report.Reporter;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.client.EngineClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Secrets a server keeps. It gives them only to steps it knows to be running. Thread-safe. */
public final class ServerSecrets implements SecretSource {
  private final EngineClient client;
  private final long fence;
  private final Outage outage;
  private final Reporter reporter;

  /** Secrets for one launch. */
  public ServerSecrets(EngineClient client, long fence, Outage outage, Reporter reporter) {
    this.client = client;
    this.fence = fence;
    this.outage = outage;
    this.reporter = reporter;
  }

  @Override
  public Map<String, String> values(StepPath step, List<String> names)
      throws SecretException, InterruptedException {
    try {
      reporter.flush();
      return outage.call(() -> client.secrets(new SecretsRequest(fence, step, names))).values();
    } catch (ApiException | UncheckedIOException | IOException e) {
      throw new SecretException(
          "The server does not give %s: %s".formatted(String.join(", ", names), e.getMessage()));
    }
  }
}
