package dev.pipewright.engine;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Plan;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The least that answers an engine: one assignment, an empty bundle, and yes to everything. */
final class WarmUpServer implements AutoCloseable {
  static final RunId RUN = RunId.parse("warm-up#1");
  private static final Control GO_ON = new Control(false, null, null, null);

  private final ServerSocket socket;
  private final byte[] bundle;
  private final Assignment assignment;

  private WarmUpServer(ServerSocket socket, byte[] bundle, String definition) {
    this.socket = socket;
    this.bundle = bundle;
    this.assignment =
        new Assignment(
            RUN,
            1,
            1,
            new SourceName("warm-up"),
            "refs/heads/main",
            new CommitId("1".repeat(40)),
            new Cause("manual", null, null, null),
            BlobDigest.of(bundle),
            new Plan(RUN.pipeline(), definition, List.of(), null, List.of()),
            Map.of(),
            null,
            "/git/warm-up");
  }

  static WarmUpServer start(String definition) throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      zip.putNextEntry(new ZipEntry("empty"));
      zip.closeEntry();
    }
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    WarmUpServer server = new WarmUpServer(socket, jar.toByteArray(), definition);
    Thread.ofPlatform().daemon().name("warm-up-server").start(server::accept);
    return server;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofPlatform().daemon().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        InputStream in = new BufferedInputStream(connection.getInputStream());
        OutputStream out = connection.getOutputStream()) {
      connection.setTcpNoDelay(true);
      String request = line(in);
      while (!request.isEmpty()) {
        skipRest(in);
        byte[] body = answer(request);
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        request = line(in);
      }
    } catch (IOException e) {
      // The engine has closed its connection.
    }
  }

  private byte[] answer(String request) {
    if (request.contains("/assignment ")) {
      return Json.bytes(assignment);
    }
    return request.contains("/blobs/") ? bundle : Json.bytes(GO_ON);
  }

  private static void skipRest(InputStream in) throws IOException {
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String name = "content-length:";
      if (header.toLowerCase(Locale.ROOT).startsWith(name)) {
        length = Integer.parseInt(header.substring(name.length()).strip());
      }
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
