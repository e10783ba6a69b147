package dev.pipewright.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code pipewright up} in a process of its own, as a user starts it; it can be killed. */
final class ServerProcess implements FrontDoor, AutoCloseable {
  static final String TOKEN = "end-to-end-admin-token";
  private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
  private static final Path CACHES = Path.of("target", "engine-caches").toAbsolutePath();

  private final Path data;
  private final int port;
  private final String launcher;
  private final Map<String, String> settings;
  private Process process;

  private ServerProcess(Path data, int port, String launcher, Map<String, String> settings) {
    this.data = data;
    this.port = port;
    this.launcher = launcher;
    this.settings = settings;
    copyCaches(CACHES, data.resolve("builder"));
    this.process = spawn();
  }

  /** Starts a server on a free port and waits until it is ready. */
  static ServerProcess start(Path data, String launcher) {
    return start(data, freePort(), launcher, Map.of());
  }

  /**
   * Takes over caches an earlier server made of the same engine, as making one takes seconds, or
   * puts its own ones there for later servers.
   */
  private static void copyCaches(Path from, Path to) {
    try {
      Files.createDirectories(to);
      if (!Files.isDirectory(from)) {
        return;
      }
      try (DirectoryStream<Path> caches = Files.newDirectoryStream(from, "engine-*.aot")) {
        for (Path cache : caches) {
          Path target = to.resolve(cache.getFileName());
          if (Files.notExists(target)) {
            Path part = Files.createTempFile(to, "cache", ".part");
            Files.copy(cache, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server with more {@code PIPEWRIGHT_*} settings and waits until it is ready. */
  static ServerProcess start(Path data, int port, String launcher, Map<String, String> settings) {
    ServerProcess server = new ServerProcess(data, port, launcher, settings);
    server.awaitReady();
    copyCaches(data.resolve("builder"), CACHES);
    return server;
  }

  /** Starts it again on the same port and data after it was killed. */
  void restart() {
    process = spawn();
    awaitReady();
  }

  /** Kills it with SIGKILL and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    waitFor();
  }

  /** Ends it with SIGTERM, waits until it is gone, and gives how long that took. */
  Duration end() {
    long asked = System.nanoTime();
    process.destroy();
    waitFor();
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  @Override
  public URI uri() {
    return URI.create("http://localhost:" + port);
  }

  int port() {
    return port;
  }

  Path data() {
    return data;
  }

  /** What it has printed since its first start. */
  String log() {
    try {
      return Files.readString(data.resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
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
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .failFast("the server ended: " + data.resolve("server.log"), () -> !process.isAlive())
        .until(() -> http().get("/health/ready").status() == 200);
  }

  /** The command line that starts the pipewright command from the built distribution. */
  static List<String> command(String... arguments) {
    List<String> start =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xms24m",
            "-Xmx512m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:-ShrinkHeapInSteps",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dpipewright.root=" + Path.of("..").toAbsolutePath().normalize(),
            "-Dpipewright.dist=" + DIST,
            "-cp",
            DIST.resolve("lib") + "/*",
            "dev.pipewright.standalone.StandaloneMain");
    return new RecordedStarts(DIST.resolve("lib"), start).command(List.of(arguments));
  }

  private Process spawn() {
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
      builder.environment().putAll(settings);
      return builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
