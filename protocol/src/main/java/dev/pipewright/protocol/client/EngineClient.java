package dev.pipewright.protocol.client;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.EngineJson;
import java.time.Instant;

/** What an engine says to the State-Controller, with its run token. All calls may be repeated. */
public final class EngineClient {
  private final HttpTransport http;
  private final RunId run;

  public EngineClient(HttpTransport http, RunId run) {
    this.http = http;
    this.run = run;
  }

  /** What this engine is to do. */
  public Assignment assignment() {
    return EngineJson.assignment(http.get(Routes.run(run, "assignment")).body());
  }

  /** Stores events; those stored before are passed over. */
  public Control report(EventBatch batch) {
    return EngineJson.control(
        http.postJson(Routes.run(run, "events"), EngineJson.bytes(batch)).body());
  }

  /** Says that this engine lives, and learns what is wanted of it. */
  public Control renew(Lease lease) {
    return EngineJson.control(
        http.postJson(Routes.run(run, "lease"), EngineJson.bytes(lease)).body());
  }

  /**
   * Stores output of a step at a byte offset.
   *
   * @param at when the first byte was written
   */
  public void append(StepPath step, long fence, long offset, Instant at, byte[] output) {
    http.postBytes(
        Routes.log(run, step)
            + "?fence=%d&offset=%d&at=%d".formatted(fence, offset, at.toEpochMilli()),
        output);
  }

  /** The bytes of a blob; the caller compares the digest. */
  public byte[] blob(BlobDigest digest) {
    return http.get(Routes.blob(digest)).body();
  }

  /** Stores a blob under its content address. */
  public BlobDigest store(byte[] content) {
    BlobDigest digest = BlobDigest.of(content);
    http.putBytes(Routes.blob(digest), content);
    return digest;
  }
}
