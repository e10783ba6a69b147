package dev.pipewright.state.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphiteTargetTest {
  @Test
  void theSettingsNameIt() {
    assertThat(
            GraphiteTarget.from(
                Map.of(
                    "PIPEWRIGHT_GRAPHITE", "[::1]:2003",
                    "PIPEWRIGHT_GRAPHITE_PREFIX", "ci.main",
                    "PIPEWRIGHT_GRAPHITE_EVERY", "10")))
        .isEqualTo(new GraphiteTarget("::1", 2003, "ci.main", Duration.ofSeconds(10)));
    assertThat(GraphiteTarget.from(Map.of("PIPEWRIGHT_GRAPHITE", "graphite:2003")))
        .isEqualTo(new GraphiteTarget("graphite", 2003, "", Duration.ofMinutes(1)));
    assertThat(GraphiteTarget.from(Map.of())).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"graphite", "graphite:0", "graphite:70000", "http://graphite:2003", ":1"})
  void whatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(() -> GraphiteTarget.of(address, "", 60))
        .hasMessageContaining("HOST:PORT")
        .hasMessageContaining(address);
  }

  @ParameterizedTest
  @CsvSource({"ci., 60, prefix", "a b, 60, prefix", "ci, 0, seconds", "ci, 3601, seconds"})
  void otherMistakesAreNamed(String prefix, long seconds, String word) {
    assertThatThrownBy(() -> GraphiteTarget.of("graphite:2003", prefix, seconds))
        .hasMessageContaining(word);
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    assertThatThrownBy(
            () ->
                GraphiteTarget.from(
                    Map.of("PIPEWRIGHT_GRAPHITE", "g:1", "PIPEWRIGHT_GRAPHITE_EVERY", "often")))
        .hasMessageContaining("every 1 to 3600 seconds");
  }

  /** Numbers for {@code server}, every second. */
  private static GraphiteTarget everySecond(ServerSocket server) {
    return new GraphiteTarget("127.0.0.1", server.getLocalPort(), "ci", Duration.ofSeconds(1));
  }

  @Test
  void oneThatHangsUpDisturbsNothing(@TempDir Path folder) throws Exception {
    try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Counted counted = new Counted(folder, everySecond(rude))) {
      rude.setSoTimeout(60_000);
      rude.accept().close();
      counted.run("other-shop");
      assertThat(counted.meters.scrape())
          .contains("pipewright_runs_finished_total{outcome=\"SUCCEEDED\"} 2.0");
    }
  }

  @Test
  @Timeout(60)
  void oneThatTakesNoConnectionDoesNotKeepTheServerFromEnding(@TempDir Path folder)
      throws Exception {
    List<Socket> line = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      while (line.size() < 10 && takes(deaf, line)) {
        // One more waits to be taken.
      }
      new Counted(folder, everySecond(deaf)).close();
    } finally {
      for (Socket one : line) {
        one.close();
      }
    }
  }

  /** Connects to {@code server} if it has room for one more. */
  private static boolean takes(ServerSocket server, List<Socket> line) throws IOException {
    Socket one = new Socket();
    line.add(one);
    try {
      one.connect(server.getLocalSocketAddress(), 200);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
