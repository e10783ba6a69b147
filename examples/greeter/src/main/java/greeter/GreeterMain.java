package greeter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** A service that greets: {@code GET /greet?name=Ada}. */
public final class GreeterMain {

  public static void main(String[] args) throws IOException {
    HttpServer server = start(args.length > 0 ? Integer.parseInt(args[0]) : 8081);
    System.out.println("Greeting on port " + server.getAddress().getPort());
  }

  static HttpServer start(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/greet", GreeterMain::greet);
    server.start();
    return server;
  }

  private static void greet(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String name = query != null && query.startsWith("name=") ? query.substring(5) : "";
    byte[] body =
        new Greeting(URLDecoder.decode(name, StandardCharsets.UTF_8))
            .text()
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
