package dev.pipewright.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.Verdict;
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
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A State-Controller reduced to what an engine sees of it: strict about offsets and sequence. */
final class FakeServer implements AutoCloseable {
  private final HttpServer http;
  private final Map<String, byte[]> blobs = new HashMap<>();
  private final Map<Long, List<EventEnvelope>> launches = new TreeMap<>();
  private final List<dev.pipewright.protocol.run.Answer> answers = new ArrayList<>();
  private final Map<String, LockRequest> locks = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
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

  /** Gives an answer to whoever waits for it. */
  synchronized void answer(dev.pipewright.protocol.run.Answer answer) {
    answers.add(answer);
  }

  /** A lock another run holds. */
  synchronized void hold(String lock) {
    locks.put(lock, new LockRequest(0, lock, "of another run"));
  }

  /** Gives a lock to whoever asked for it. */
  synchronized void grant(String lock, String key) {
    locks.put(lock, new LockRequest(fence, lock, key));
  }

  /** The key that holds a lock. */
  synchronized @Nullable String holder(String lock) {
    LockRequest request = locks.get(lock);
    return request == null ? null : request.key();
  }

  /** What was asked of the server beside reports. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  synchronized List<EventEnvelope> history() {
    return launches.values().stream().flatMap(List::stream).toList();
  }

  /** How many bytes of output are stored, by step. */
  synchronized Map<StepPath, Long> logEnds() {
    Map<StepPath, Long> ends = new HashMap<>();
    logs.forEach((step, log) -> ends.put(new StepPath(step), (long) log.size()));
    return ends;
  }

  synchronized List<dev.pipewright.protocol.run.Answer> answers() {
    return List.copyOf(answers);
  }

  synchronized List<RunEvent> events() {
    return history().stream().map(EventEnvelope::event).toList();
  }

  synchronized @Nullable Outcome outcome() {
    List<EventEnvelope> events = history();
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
    if (path.endsWith("/history")) {
      return Answer.of(history());
    }
    if (path.contains("/locks") || path.endsWith("/secrets") || path.endsWith("/downstream")) {
      asked.add(path.substring(path.indexOf('/', 14) + 1));
      return service(path, body);
    }
    if (path.contains("/logs/")) {
      return append(path.substring(path.indexOf("/logs/") + 6), uri.getQuery(), body);
    }
    return path.endsWith("/events") ? report(body) : control(Json.read(body, Lease.class).fence());
  }

  private Answer control(long asked) {
    return asked < fence
        ? Answer.problem(Problem.Code.FENCED, "Another engine has taken over.")
        : Answer.of(
            new Control(
                false,
                cancelledBy,
                cancelledBy == null ? null : "Cancelled by " + cancelledBy + ".",
                null,
                answers,
                true));
  }

  private Answer service(String path, byte[] body) {
    if (path.endsWith("/secrets")) {
      return Answer.of(new SecretValues(Map.of("KEY", "hush-hush")));
    }
    if (path.endsWith("/downstream")) {
      return Answer.of(new DeliveryAccepted("d1", Verdict.BUILD, "wanted", false));
    }
    LockRequest request = Json.read(body, LockRequest.class);
    LockRequest owner = locks.get(request.name());
    boolean own = owner != null && owner.key().equals(request.key());
    if (path.endsWith("/release")) {
      if (own) {
        locks.remove(request.name());
      }
      return new Answer(204, new byte[0]);
    }
    if (owner == null || own) {
      locks.put(request.name(), request);
      return Answer.of(new LockAnswer(true, 7, null, 0));
    }
    return Answer.of(new LockAnswer(false, 0, "shop#41", 0));
  }

  private Answer report(byte[] body) {
    EventBatch batch = Json.read(body, EventBatch.class);
    if (batch.fence() < fence) {
      return control(batch.fence());
    }
    List<EventEnvelope> events = launches.computeIfAbsent(batch.fence(), _ -> new ArrayList<>());
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
