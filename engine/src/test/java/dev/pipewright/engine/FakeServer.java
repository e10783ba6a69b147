package dev.pipewright.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A State-Controller reduced to what an engine sees of it: strict about offsets and sequence. */
final class FakeServer implements AutoCloseable {
  private final HttpServer http;
  private final Map<String, byte[]> blobs = new HashMap<>();
  private final List<EventEnvelope> events = new ArrayList<>();
  private final Map<String, ByteArrayOutputStream> logs = new HashMap<>();
  private @Nullable Assignment assignment;
  private @Nullable String cancelledBy;
  private long fence = 1;
  private int failures;
  private int dropped;

  private FakeServer(HttpServer http) {
    this.http = http;
  }

  static FakeServer start() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    FakeServer server = new FakeServer(http);
    http.createContext("/", server::handle);
    http.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    http.start();
    return server;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  synchronized void assign(Assignment work) {
    assignment = work;
  }

  synchronized BlobDigest store(byte[] content) {
    BlobDigest digest = BlobDigest.of(content);
    blobs.put(digest.value(), content);
    return digest;
  }

  synchronized void cancel(String by) {
    cancelledBy = by;
  }

  synchronized void fence(long newer) {
    fence = newer;
  }

  /** Answers the next requests with 503. */
  synchronized void failNext(int requests) {
    failures = requests;
  }

  /** Does what the next requests ask for, but never answers them. */
  synchronized void dropNext(int requests) {
    dropped = requests;
  }

  synchronized List<RunEvent> events() {
    return events.stream().map(EventEnvelope::event).toList();
  }

  synchronized @Nullable Outcome outcome() {
    return !events.isEmpty() && events.getLast().event() instanceof RunEvent.RunFinished end
        ? end.outcome()
        : null;
  }

  synchronized byte[] bytes(String step) {
    ByteArrayOutputStream log = logs.get(step);
    return log == null ? new byte[0] : log.toByteArray();
  }

  String log(String step) {
    return new String(bytes(step), StandardCharsets.UTF_8);
  }

  synchronized boolean hasBlob(BlobDigest digest) {
    return blobs.containsKey(digest.value());
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Answer answer = answer(exchange.getRequestURI(), exchange.getRequestMethod(), body);
    boolean drop;
    synchronized (this) {
      drop = dropped > 0;
      dropped -= drop ? 1 : 0;
    }
    if (drop) {
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }

  private record Answer(int status, byte[] body) {
    static Answer of(Object value) {
      return new Answer(200, Json.bytes(value));
    }

    static Answer problem(Problem.Code code, String title) {
      return new Answer(code.status(), Json.bytes(Problem.of(code, title, null)));
    }
  }

  private synchronized Answer answer(URI uri, String method, byte[] body) {
    if (failures > 0) {
      failures--;
      return Answer.problem(Problem.Code.UNAVAILABLE, "The store is away.");
    }
    String path = uri.getPath();
    if (path.contains("/blobs/")) {
      String digest = path.substring(path.lastIndexOf('/') + 1);
      if (method.equals("PUT")) {
        blobs.put(digest, body);
        return new Answer(204, new byte[0]);
      }
      byte[] content = blobs.get(digest);
      return content == null
          ? Answer.problem(Problem.Code.NOT_FOUND, "No such blob.")
          : new Answer(200, content);
    }
    if (path.endsWith("/assignment")) {
      return assignment == null
          ? Answer.problem(Problem.Code.NOT_FOUND, "No such run.")
          : Answer.of(assignment);
    }
    if (path.contains("/logs/")) {
      return append(path.substring(path.indexOf("/logs/") + 6), uri.getQuery(), body);
    }
    return path.endsWith("/events") ? report(body) : control(1);
  }

  private Answer control(long asked) {
    return asked < fence
        ? Answer.problem(Problem.Code.FENCED, "Another engine has taken over.")
        : Answer.of(new Control(false, cancelledBy, null, null));
  }

  private Answer report(byte[] body) {
    EventBatch batch = Json.read(body, EventBatch.class);
    if (batch.fence() < fence) {
      return control(batch.fence());
    }
    for (EventEnvelope event : batch.events()) {
      if (event.seq() > events.size() + 1) {
        return Answer.problem(Problem.Code.CONFLICT, "A gap.");
      }
      if (event.seq() == events.size() + 1) {
        events.add(event);
      }
    }
    return control(batch.fence());
  }

  private Answer append(String step, String query, byte[] body) {
    ByteArrayOutputStream log = logs.computeIfAbsent(step, _ -> new ByteArrayOutputStream());
    int start = query.indexOf("offset=") + 7;
    int offset = Integer.parseInt(query.substring(start, query.indexOf('&', start)));
    if (offset > log.size()) {
      return Answer.problem(Problem.Code.CONFLICT, "A gap.");
    }
    int known = log.size() - offset;
    if (known < body.length) {
      log.write(body, known, body.length - known);
    }
    return new Answer(204, new byte[0]);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
