package dev.pipewright.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes commit statuses as GitHub does, from who has the token. */
final class ForgeServer implements AutoCloseable {
  static final String TOKEN = "ghp_end_to_end";

  private final HttpServer server;
  private final List<Status> statuses = new CopyOnWriteArrayList<>();

  /** A status that came: where to, and what it says. */
  record Status(String path, String context, String state, String description, String url) {}

  ForgeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/api/v3/", this::handle);
    server.start();
  }

  String api() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v3";
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonTree body = Json.tree(exchange.getRequestBody().readAllBytes());
    boolean known =
        ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    if (known) {
      statuses.add(
          new Status(
              exchange.getRequestURI().toString(),
              text(body, "context"),
              text(body, "state"),
              text(body, "description"),
              text(body, "target_url")));
    }
    exchange.sendResponseHeaders(known ? 201 : 401, -1);
    exchange.close();
  }

  private static String text(JsonTree body, String member) {
    return body.at(member).text().orElse("");
  }

  /** The statuses of this context, in the order they came. */
  List<Status> of(String context) {
    return statuses.stream().filter(status -> status.context().equals(context)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
