package dev.pipewright.e2e;

import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.client.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code pipewright up} in a process of its own, as a user starts it; it can be killed. */
final class ServerProcess implements AutoCloseable {
  static final String TOKEN = "end-to-end-admin-token";
  private static final Path DIST = Path.of("target", "dist").toAbsolutePath();

  private final Path data;
  private final int port;
  private final String launcher;
  private Process process;

  private ServerProcess(Path data, int port, String launcher, Process process) {
    this.data = data;
    this.port = port;
    this.launcher = launcher;
    this.process = process;
  }

  /** Starts a server on a free port and waits until it is ready. */
  static ServerProcess start(Path data, String launcher) {
    int port = freePort();
    ServerProcess server = new ServerProcess(data, port, launcher, spawn(data, port, launcher));
    server.awaitReady();
    return server;
  }

  /** Starts it again on the same port and data after it was killed. */
  void restart() {
    process = spawn(data, port, launcher);
    awaitReady();
  }

  /** Kills it with SIGKILL and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    waitFor();
  }

  URI uri() {
    return URI.create("http://localhost:" + port);
  }

  long pid() {
    return process.pid();
  }

  /** A connection with the admin token. */
  HttpTransport http() {
    return new HttpTransport(uri(), TOKEN, Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void waitFor() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .failFast("the server ended: " + data.resolve("server.log"), () -> !process.isAlive())
        .until(() -> http().get("/health/ready").status() == 200);
  }

  /** The command line that starts the pipewright command from the built distribution. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms24m",
            "-Xmx512m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dpipewright.root=" + Path.of("..").toAbsolutePath().normalize(),
            "-Dpipewright.dist=" + DIST,
            "-cp",
            DIST.resolve("lib") + "/*",
            "dev.pipewright.standalone.StandaloneMain"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process spawn(Path data, int port, String launcher) {
    try {
      Files.createDirectories(data);
      ProcessBuilder builder =
          new ProcessBuilder(
              command(
                  "up",
                  "--port",
                  Integer.toString(port),
                  "--data",
                  data.toString(),
                  "--launcher",
                  launcher));
      builder
          .environment()
          .putAll(
              Map.of("PIPEWRIGHT_ADMIN_TOKEN", TOKEN, "PIPEWRIGHT_IMAGE", "pipewright/base:test"));
      return builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
