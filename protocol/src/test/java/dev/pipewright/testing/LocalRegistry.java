package dev.pipewright.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on a free port of this machine, which wants a login. */
public final class LocalRegistry implements AutoCloseable {
  /** Who may push and pull. */
  public static final String USER = "me";

  /** The password of {@link #USER}. */
  public static final String PASSWORD = "secret";

  private static final String LOGINS =
      USER + ":$2b$04$gmVXXrI9ggA5cOIoCeof7eandobJbcaw9CZ2U2VECoLtLhHVHVD/S\n";
  static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

  private final int port;
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CountDownLatch listening = new CountDownLatch(1);

  private LocalRegistry(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /** Starts a registry that keeps everything in {@code folder} and lets images be removed. */
  public static LocalRegistry start(Path folder) throws Exception {
    int port = freePort();
    Path config = Files.createDirectories(folder).resolve("config.yml");
    Path logins = Files.writeString(folder.resolve("logins"), LOGINS);
    Files.writeString(
        config,
        """
        version: 0.1
        storage:
          filesystem: {rootdirectory: %s}
          delete: {enabled: true}
        auth:
          htpasswd: {realm: pipewright, path: %s}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(folder.resolve("data"), logins, port));
    LocalRegistry registry =
        new LocalRegistry(
            port,
            new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .start());
    Thread.ofVirtual().start(registry::read);
    assertThat(registry.listening.await(1, TimeUnit.MINUTES)).as("it listens").isTrue();
    return registry;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (line.contains("listening on")) {
          listening.countDown();
        }
      }
    } catch (IOException e) {
      lines.add("ended: " + e.getMessage());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The place of images, {@code 127.0.0.1:PORT/ci}. */
  public String place() {
    return "127.0.0.1:" + port + "/ci";
  }

  /** How many requests wrote something, until now. */
  public long writes() {
    return lines.stream().filter(line -> line.matches(".*\"(PUT|POST|PATCH) /v2/.*")).count();
  }

  /** Ends it; what it keeps stays, and whoever asks for it from now on finds nobody. */
  public void stop() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
