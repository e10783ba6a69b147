package dev.pipewright.protocol.client;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.UrlText;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.json.EngineJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

  /** Every event of the run, of all attempts and launches, oldest first. */
  public List<EventEnvelope> history() {
    return EngineJson.events(http.get(Routes.run(run, "history")).body());
  }

  /** Stores events; those stored before are passed over. */
  public Control report(EventBatch batch) {
    return EngineJson.control(post("events", EngineJson.bytes(batch)));
  }

  /** Says that this engine lives, and learns what is wanted of it. */
  public Control renew(Lease lease) {
    return EngineJson.control(post("lease", EngineJson.bytes(lease)));
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

  /** The values of secrets for a step that is running and declares them. */
  public SecretValues secrets(SecretsRequest request) {
    return EngineJson.secrets(post("secrets", EngineJson.bytes(request)));
  }

  /** Wants a lock; the same key again asks for the same wish. */
  public LockAnswer lock(LockRequest request) {
    return EngineJson.lockAnswer(post("locks", EngineJson.bytes(request)));
  }

  /** Gives a lock back, or leaves the line. */
  public void release(LockRequest request) {
    post("locks/release", EngineJson.bytes(request));
  }

  /** Starts a run of another pipeline, once for each key, and returns the id of the wish. */
  public String startDownstream(DownstreamRequest request) {
    return EngineJson.deliveryId(post("downstream", EngineJson.bytes(request)));
  }

  /** What is kept for a cache key. */
  public CacheAnswer cache(String key) {
    return EngineJson.cacheAnswer(
        http.get(Routes.run(run, "caches") + "?key=" + UrlText.encoded(key)).body());
  }

  /** Keeps folders for a cache key. */
  public void keepCache(CacheEntry entry) {
    post("caches", EngineJson.bytes(entry));
  }

  /** Wants a container beside the engine's own; the same key again is the same container. */
  public SideView side(SideRequest request) {
    return EngineJson.side(post("sides", EngineJson.bytes(request)));
  }

  /** How a container stands; waits until its state is another one than {@code known}. */
  public SideView side(String key, SideView.State known, Duration wait) {
    String query =
        "?key=%s&known=%s&wait=%d".formatted(UrlText.encoded(key), known, wait.toMillis());
    return EngineJson.side(http.get(Routes.run(run, "sides") + query, wait).body());
  }

  /** Ends a container; does not wait for its end. */
  public void endSide(SideEnd end) {
    post("sides/end", EngineJson.bytes(end));
  }

  /** The bytes of a blob; the caller compares the digest. */
  public byte[] blob(BlobDigest digest) {
    return http.get(Routes.blob(digest)).body();
  }

  /**
   * Writes the bytes of a blob into a file.
   *
   * @throws IOException if the file cannot be written, or the bytes are not those of the digest
   */
  public void blob(BlobDigest digest, Path target) throws IOException {
    BlobDigest found = http.download(Routes.blob(digest), target);
    if (!found.equals(digest)) {
      throw new IOException("The server sent other bytes than " + digest + ".");
    }
  }

  /** Stores a blob under its content address. */
  public BlobDigest store(byte[] content) {
    BlobDigest digest = BlobDigest.of(content);
    http.putBytes(Routes.blob(digest), content);
    return digest;
  }

  /**
   * Stores a file under its content address, without holding it in memory.
   *
   * @throws IOException if it cannot be read, or changes meanwhile
   */
  public BlobDigest store(Path file) throws IOException {
    BlobDigest digest = BlobDigest.of(file);
    http.putFile(Routes.blob(digest), file);
    return digest;
  }

  private byte[] post(String action, byte[] json) {
    return http.postJson(Routes.run(run, action), json).body();
  }
}
