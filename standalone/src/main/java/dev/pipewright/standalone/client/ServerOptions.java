package dev.pipewright.standalone.client;

import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How every client command finds its server and says what it found. */
public final class ServerOptions {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_SERVER:-http://localhost:8080}",
      description = "The server. Default: PIPEWRIGHT_SERVER, else http://localhost:8080.")
  private String server = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:PIPEWRIGHT_TOKEN}",
      description = "The token to use. Default: PIPEWRIGHT_TOKEN.")
  private @Nullable String token;

  @Option(names = "--json", description = "Print the API's JSON instead of text for people.")
  private boolean json;

  /** True if JSON is wanted. */
  boolean json() {
    return json;
  }

  /** A connection to the server. */
  HttpTransport connect() {
    if (!server.startsWith("http://") && !server.startsWith("https://")) {
      throw new CommandException(
          "'" + server + "' is not a server; write it like http://localhost:8080.", 2);
    }
    return new HttpTransport(URI.create(server), token, Duration.ofSeconds(30));
  }

  /** Prints a value as JSON. */
  void print(PrintWriter out, Object value) {
    out.println(Json.pretty(value));
  }
}
