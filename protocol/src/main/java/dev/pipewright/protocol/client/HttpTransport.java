package dev.pipewright.protocol.client;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.json.EngineJson;
import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Blocking HTTP to one server with one bearer token, on the JDK's oldest client because that one
 * costs a short-lived process the least. It follows no redirects, pools connections by itself and
 * has nothing to close. Thread-safe.
 */
public final class HttpTransport {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int PROBLEM_LIMIT = 64 * 1024;
  private static final int COPY_BUFFER = 64 * 1024;

  private final URI server;
  private final @Nullable String token;
  private final Duration timeout;

  /** A transport whose calls may take {@code timeout} between two bytes of an answer. */
  public HttpTransport(URI server, @Nullable String token, Duration timeout) {
    this.server = server;
    this.token = token;
    this.timeout = timeout;
  }

  /** An answer with a 2xx status; the body is empty for 204. */
  public record Answer(int status, byte[] body) {
    /** True for 204. */
    public boolean isEmpty() {
      return status == HttpURLConnection.HTTP_NO_CONTENT;
    }
  }

  /** The server this transport talks to. */
  public URI server() {
    return server;
  }

  /** Gets {@code path}. See {@link #send} for errors. */
  public Answer get(String path) {
    return send("GET", path, null, "application/json", timeout);
  }

  /** Gets {@code path}, which may take {@code patience} longer than usual to answer. */
  public Answer get(String path, Duration patience) {
    return send("GET", path, null, "application/json", timeout.plus(patience));
  }

  /** Posts a value as JSON. See {@link #send} for errors. */
  public Answer post(String path, Object value) {
    return send("POST", path, Json.bytes(value), "application/json", timeout);
  }

  /** Posts a value as JSON to a path that may take {@code patience} longer than usual. */
  public Answer post(String path, Object value, Duration patience) {
    return send("POST", path, Json.bytes(value), "application/json", timeout.plus(patience));
  }

  /** Posts bytes that are JSON already. See {@link #send} for errors. */
  public Answer postJson(String path, byte[] json) {
    return send("POST", path, json, "application/json", timeout);
  }

  /** Posts raw bytes. See {@link #send} for errors. */
  public Answer postBytes(String path, byte[] body) {
    return send("POST", path, body, "application/octet-stream", timeout);
  }

  /** Puts raw bytes. See {@link #send} for errors. */
  public Answer putBytes(String path, byte[] body) {
    return send("PUT", path, body, "application/octet-stream", timeout);
  }

  /**
   * Puts a file, read while it is sent.
   *
   * @throws IOException if the file cannot be read, or is no longer as long as it was
   * @throws ApiException if the server answers with a problem
   * @throws UncheckedIOException if the server cannot be reached or breaks off
   */
  public Answer putFile(String path, Path file) throws IOException {
    long size = Files.size(file);
    try (InputStream content = Files.newInputStream(file)) {
      return exchange(
          path,
          "PUT",
          connection -> {
            connection.setFixedLengthStreamingMode(size);
            connection.setRequestProperty("Content-Type", "application/octet-stream");
          },
          out -> copy(content, size, out));
    }
  }

  private static void copy(InputStream content, long size, OutputStream out) throws IOException {
    byte[] buffer = new byte[COPY_BUFFER];
    long left = size;
    while (left > 0) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("The file became shorter while it was sent.");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  /**
   * Writes an answer into a file.
   *
   * @return the digest of what was written
   * @throws IOException if the file cannot be written
   * @throws ApiException if the server answers with a problem
   * @throws UncheckedIOException if the server cannot be reached or breaks off
   */
  public BlobDigest download(String path, Path target) throws IOException {
    MessageDigest sha256 = BlobDigest.sha256();
    try (InputStream in = open(path, "*/*", timeout);
        OutputStream file = Files.newOutputStream(target);
        OutputStream out = new DigestOutputStream(file, sha256)) {
      byte[] buffer = new byte[COPY_BUFFER];
      int read;
      while ((read = received(path, in, buffer)) >= 0) {
        out.write(buffer, 0, read);
      }
    }
    return BlobDigest.of(sha256);
  }

  /**
   * Posts a value as JSON and writes the answer, which may be long in coming, over a file.
   *
   * @param patience how long it may take to the first byte, and between two of them
   * @return how many bytes were written
   * @throws IOException if the file cannot be written
   * @throws ApiException if the server answers with a problem
   * @throws UncheckedIOException if the server cannot be reached or breaks off
   */
  public long download(String path, Object value, Path target, Duration patience)
      throws IOException {
    long size = 0;
    try (InputStream in = asked(path, Json.bytes(value), patience);
        OutputStream out = Files.newOutputStream(target)) {
      byte[] buffer = new byte[COPY_BUFFER];
      int read;
      while ((read = received(path, in, buffer)) >= 0) {
        out.write(buffer, 0, read);
        size += read;
      }
    }
    return size;
  }

  private InputStream asked(String path, byte[] json, Duration patience) {
    try {
      HttpURLConnection connection = connect("POST", path, patience);
      connection.setFixedLengthStreamingMode(json.length);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(json);
      }
      int status = connection.getResponseCode();
      if (status / 100 != 2) {
        throw new ApiException(problem(connection, status));
      }
      return connection.getInputStream();
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private int received(String path, InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  /** Deletes what is at {@code path}. See {@link #send} for errors. */
  public Answer delete(String path) {
    return send("DELETE", path, null, "application/json", timeout);
  }

  /** Opens an answer as a stream, for long and endless ones. The caller closes it. */
  public InputStream open(String path, String accept, Duration readTimeout) {
    try {
      HttpURLConnection connection = connect("GET", path, readTimeout);
      connection.setRequestProperty("Accept", accept);
      int status = connection.getResponseCode();
      if (status / 100 != 2) {
        throw new ApiException(problem(connection, status));
      }
      return connection.getInputStream();
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private interface Prepared {
    void prepare(HttpURLConnection connection) throws IOException;
  }

  private interface Body {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Sends one request.
   *
   * @throws ApiException if the server answers with a problem
   * @throws UncheckedIOException if it cannot be reached or breaks off; the request may have been
   *     carried out
   */
  private Answer send(
      String method, String path, byte @Nullable [] body, String type, Duration patience) {
    Prepared prepared =
        connection -> {
          connection.setReadTimeout((int) patience.toMillis());
          if (body != null) {
            connection.setFixedLengthStreamingMode(body.length);
            connection.setRequestProperty("Content-Type", type);
          }
        };
    return exchange(path, method, prepared, body == null ? null : out -> out.write(body));
  }

  private Answer exchange(String path, String method, Prepared prepared, @Nullable Body body) {
    try {
      HttpURLConnection connection = connect(method, path, timeout);
      prepared.prepare(connection);
      if (body != null) {
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
          body.write(out);
        }
      }
      int status = connection.getResponseCode();
      if (status / 100 != 2) {
        throw new ApiException(problem(connection, status));
      }
      try (InputStream in = connection.getInputStream()) {
        return new Answer(status, in.readAllBytes());
      }
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private UncheckedIOException unreachable(String path, IOException cause) {
    return new UncheckedIOException(
        "Could not reach %s%s: %s".formatted(server, path, cause.getMessage()), cause);
  }

  private HttpURLConnection connect(String method, String path, Duration patience)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url(path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) patience.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    return connection;
  }

  private URI url(String path) {
    String base = server.toString();
    try {
      return new URI((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    } catch (URISyntaxException e) {
      throw new ProtocolException("Not a path of the API: '" + path + "'.", e);
    }
  }

  private static Problem problem(HttpURLConnection connection, int status) throws IOException {
    byte[] body = new byte[0];
    try (@Nullable InputStream in = connection.getErrorStream()) {
      if (in != null) {
        body = in.readNBytes(PROBLEM_LIMIT);
      }
    }
    try {
      return EngineJson.problem(body);
    } catch (ProtocolException e) {
      if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
        // The JDK's client drops the body of this answer when it has streamed the request.
        return Problem.of(Problem.Code.UNAUTHORIZED, "The server does not know this token.", null);
      }
      return new Problem(
          status, "http-" + status, "The server answered with status " + status + ".", null);
    }
  }
}
