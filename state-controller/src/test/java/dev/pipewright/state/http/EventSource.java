package dev.pipewright.state.http;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client of server-sent events. It hears an event when its last line has come,
 * and of one that is cut in the middle nothing, as browsers do.
 */
final class EventSource implements AutoCloseable {
  private static final Pattern RUN = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Socket socket;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();
  private volatile String lastId = "";

  /** Opens the stream; {@code query} is empty or begins with a question mark. */
  EventSource(int port, String query, @Nullable String lastId) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String known = lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n";
    socket
        .getOutputStream()
        .write(
            ("GET /api/v1/stream" + query + " HTTP/1.1\r\nHost: ci\r\n" + known + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    String id = "";
    String event = "";
    String data = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // What belongs to the chunks of HTTP has none of these beginnings.
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !event.isEmpty()) {
          lastId = id;
          if (event.equals("run")) {
            runs.add(data);
          }
          told.add(event + (event.equals("run") ? " " + run(data) : ""));
          event = "";
        }
      }
    } catch (IOException e) {
      told.add("cut");
    }
  }

  private static String run(String data) {
    Matcher found = RUN.matcher(data);
    return found.find() ? found.group(1) : "";
  }

  /** Waits until an event was told: its name, and of a run also its id. */
  void until(String event) {
    await().atMost(PATIENCE).until(() -> told.contains(event));
  }

  /** All that was told so far. */
  List<String> told() {
    return new ArrayList<>(told);
  }

  /** What was told of runs so far, as JSON. */
  List<String> runs() {
    return new ArrayList<>(runs);
  }

  /** The id of the last event. */
  String lastId() {
    return lastId;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
