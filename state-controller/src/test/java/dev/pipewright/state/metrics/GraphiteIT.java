package dev.pipewright.state.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers on their way into the files of a real Graphite, Debian's carbon-cache. */
class GraphiteIT {
  private static final Path CARBON = Path.of("/usr/bin/carbon-cache");
  private static final int HEADER = 16;
  private static final int ARCHIVE = 12;
  private static final int POINT = 12;

  @TempDir private Path folder;
  private Process carbon;
  private int port;

  @BeforeEach
  void startCarbon() throws Exception {
    boolean demanded = Boolean.parseBoolean(System.getenv("PIPEWRIGHT_REQUIRE_ALL_TESTS"));
    assumeTrue(demanded || Files.isExecutable(CARBON), "graphite-carbon is not installed");
    int[] ports = freePorts();
    port = ports[0];
    Files.createDirectories(folder.resolve("whisper"));
    Files.writeString(
        folder.resolve("storage-schemas.conf"), "[all]\npattern = .*\nretentions = 1s:10m\n");
    Files.writeString(
        folder.resolve("carbon.conf"),
        """
        [cache]
        STORAGE_DIR = %1$s
        LOCAL_DATA_DIR = %1$s/whisper
        LOG_DIR = %1$s
        PID_DIR = %1$s
        USER =
        LINE_RECEIVER_INTERFACE = 127.0.0.1
        LINE_RECEIVER_PORT = %2$d
        PICKLE_RECEIVER_INTERFACE = 127.0.0.1
        PICKLE_RECEIVER_PORT = %3$d
        CACHE_QUERY_INTERFACE = 127.0.0.1
        CACHE_QUERY_PORT = %4$d
        MAX_CREATES_PER_MINUTE = inf
        MAX_UPDATES_PER_SECOND = inf
        ENABLE_TAGS = False
        """
            .formatted(folder, ports[0], ports[1], ports[2]));
    carbon =
        new ProcessBuilder(
                CARBON.toString(),
                "--config=" + folder.resolve("carbon.conf"),
                "--nodaemon",
                "start")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("carbon.out").toFile())
            .start();
    await().until(this::answers);
  }

  private static int[] freePorts() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, here);
        ServerSocket two = new ServerSocket(0, 1, here);
        ServerSocket three = new ServerSocket(0, 1, here)) {
      return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      assertThat(carbon.isAlive()).as("carbon-cache is alive").isTrue();
      return false;
    }
  }

  @AfterEach
  void stopCarbon() throws InterruptedException {
    if (carbon != null) {
      carbon.destroy();
      if (!carbon.waitFor(5, TimeUnit.SECONDS)) {
        carbon.destroyForcibly().waitFor();
      }
    }
  }

  private double last(String name) throws IOException {
    Path file = folder.resolve("whisper").resolve(name.replace('.', '/') + ".wsp");
    if (!Files.exists(file)) {
      return Double.NaN;
    }
    ByteBuffer whisper = ByteBuffer.wrap(Files.readAllBytes(file));
    long newest = 0;
    double value = Double.NaN;
    for (int at = HEADER + ARCHIVE; at + POINT <= whisper.capacity(); at += POINT) {
      long time = Integer.toUnsignedLong(whisper.getInt(at));
      if (time > newest) {
        newest = time;
        value = whisper.getDouble(at + Integer.BYTES);
      }
    }
    return value;
  }

  private void awaitValue(String name, double value) {
    await().untilAsserted(() -> assertThat(last(name)).as(name).isEqualTo(value));
  }

  @Test
  void theNumbersArriveUnderTheNamesOfTheDocumentation() throws IOException {
    GraphiteTarget target = new GraphiteTarget("127.0.0.1", port, "ci.main", Duration.ofSeconds(1));
    try (Counted counted = new Counted(Files.createDirectories(folder.resolve("data")), target)) {
      awaitValue("ci.main.pipewright.runs.finished.outcome.SUCCEEDED.count", 1);
      counted.run("a.b größer");
      awaitValue("ci.main.pipewright.runs.finished.outcome.SUCCEEDED.count", 2);
      awaitValue("ci.main.pipewright.run.duration.outcome.SUCCEEDED.pipeline.shop.count", 1);
      awaitValue("ci.main.pipewright.run.memory.pipeline.a_b_größer.max", 300 << 20);
      awaitValue("ci.main.pipewright.queue.length", 0);
      assertThat(last("ci.main.jvm.threads.live")).isGreaterThan(1);
    }
  }
}
