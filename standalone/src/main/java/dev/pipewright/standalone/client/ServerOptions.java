package dev.pipewright.standalone.client;

import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.standalone.CommandException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How every client command finds its server and says what it found. */
public final class ServerOptions {
  private static final String LOCAL = "http://localhost:8080";

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:PIPEWRIGHT_SERVER}",
      description =
          "The server. Default: PIPEWRIGHT_SERVER, else that of 'pipewright login', else "
              + LOCAL
              + ".")
  private @Nullable String server;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:PIPEWRIGHT_TOKEN}",
      description =
          "The token to use. Default: PIPEWRIGHT_TOKEN, else that of 'pipewright login' for the"
              + " same server.")
  private @Nullable String token;

  @Option(names = "--json", description = "Print the API's JSON instead of text for people.")
  private boolean json;

  /** True if JSON is wanted. */
  boolean json() {
    return json;
  }

  /** The token the command line or the environment gives; null if neither does. */
  @Nullable String givenToken() {
    return token == null || token.isBlank() ? null : token;
  }

  /** A connection to the server. */
  HttpTransport connect() {
    Map<String, String> environment = System.getenv();
    String given = givenToken();
    if (server != null && !server.isBlank() && given != null) {
      return connect(server, given);
    }
    Optional<SavedLogin> saved = SavedLogin.read(SavedLogin.file(environment));
    return connect(choice(server, given, saved));
  }

  /** Where to go and with which token: a saved token goes to no server but its own. */
  static Choice choice(
      @Nullable String server, @Nullable String token, Optional<SavedLogin> saved) {
    String chosen =
        server != null && !server.isBlank() ? server : saved.map(SavedLogin::server).orElse(LOCAL);
    String own =
        token != null
            ? token
            : saved
                .filter(login -> withoutSlash(login.server()).equals(withoutSlash(chosen)))
                .map(SavedLogin::token)
                .orElse(null);
    return new Choice(chosen, own);
  }

  /** A server and the token it gets. */
  record Choice(String server, @Nullable String token) {}

  private static HttpTransport connect(Choice choice) {
    return connect(choice.server(), choice.token());
  }

  /** A connection to {@code server} with this token. */
  static HttpTransport connect(String server, @Nullable String token) {
    if (!server.startsWith("http://") && !server.startsWith("https://")) {
      throw new CommandException(
          "'" + server + "' is not a server; write it like http://localhost:8080.", 2);
    }
    try {
      return new HttpTransport(URI.create(server), token, Duration.ofSeconds(30));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "'" + server + "' is not a server; write it like http://localhost:8080.", 2);
    }
  }

  /** A URL without slashes at its end. */
  static String withoutSlash(String server) {
    return server.replaceFirst("/+$", "");
  }

  /** Prints a page as JSON, or a table with a row for each item; {@code none} if there is none. */
  <T> void list(PrintWriter out, Page<T> page, String none, Function<T, List<String>> row) {
    if (json) {
      print(out, page);
    } else if (page.items().isEmpty()) {
      out.println(none);
    } else {
      Texts.table(page.items().stream().map(row).toList()).forEach(out::println);
    }
  }

  /** Prints a value as JSON, or what it says to people. */
  void tell(PrintWriter out, Object value, String text) {
    if (json) {
      print(out, value);
    } else {
      out.println(text);
    }
  }

  /** Prints a value as JSON. */
  void print(PrintWriter out, Object value) {
    out.println(Json.pretty(value));
  }
}
