package dev.pipewright.spawner.post;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server outside that keeps what it gets and answers as it was told. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
  private final Queue<Says> says = new ConcurrentLinkedQueue<>();

  /** What came; {@code path} as it was written, {@code headers} by their names as documented. */
  public record Got(String method, String path, HttpExchange exchange, byte[] body) {

    /** The first header with this name. */
    public @Nullable String header(String name) {
      return exchange.getRequestHeaders().getFirst(name);
    }

    /** The body. */
    public JsonTree json() {
      return Json.tree(body);
    }

    /** The text of a member of the body. */
    public String text(String member) {
      return json().at(member).scalar().orElse("");
    }
  }

  private record Says(int status, byte[] body, Map<String, String> headers) {}

  /** Begins to listen. */
  public Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What it answers next; 201 with an empty object if it was not told. */
  public void says(int status, String body, String... headers) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      named.put(headers[i], headers[i + 1]);
    }
    says.add(new Says(status, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), named));
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().toString();
    Says answer = says.poll();
    if (answer == null) {
      answer = new Says(201, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8), Map.of());
    }
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    got.add(new Got(exchange.getRequestMethod(), path, exchange, body));
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }

  /** The next request, which must come within a minute. */
  public Got next() throws InterruptedException {
    Got next = got.poll(1, TimeUnit.MINUTES);
    if (next == null) {
      throw new AssertionError("Nothing came within a minute.");
    }
    return next;
  }

  /** How many requests nobody has looked at. */
  public int left() {
    return got.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
