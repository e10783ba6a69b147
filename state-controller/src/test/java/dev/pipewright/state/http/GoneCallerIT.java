package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.ImageRequest;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.Samples;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spawners and Builders that are killed while they wait for work, over real sockets. */
class GoneCallerIT {
  private static final Duration NOW = Duration.ZERO;
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private Served server;
  private WorkClient work;

  @BeforeEach
  void serve(@TempDir Path data) throws Exception {
    server = Served.on(data);
    work = server.work("alive");
    server.admin().post(Routes.SOURCES, Samples.source());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A process that asks for work, waits for it and dies, which closes its connection. */
  private void askAndDie(String claim) throws IOException, InterruptedException {
    String head =
        "POST /api/v1/%s?holder=dead&wait=30000 HTTP/1.1\r\nHost: state\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri("").getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          head.formatted(claim, server.state().serviceToken()).getBytes(StandardCharsets.UTF_8));
      out.flush();
      socket.setSoTimeout(300);
      assertThat(waitsFor(socket)).as("it waits, so there is no answer yet").isTrue();
    }
    // The end of a connection is on its way for a moment.
    Thread.sleep(200);
  }

  private static boolean waitsFor(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() > Byte.MAX_VALUE;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    }
  }

  private void nothingIsTaken(String claim, Runnable arrival, Supplier<Boolean> live)
      throws Exception {
    askAndDie(claim);
    askAndDie(claim);
    arrival.run();
    assertThat(live.get()).as("the work of " + claim + " is there for the living").isTrue();
  }

  private int attempts(String delivery) {
    byte[] view = server.admin().get("/api/v1/deliveries/" + delivery).body();
    return Json.read(view, DeliveryView.class).attempts();
  }

  @Test
  void whoDiedWhileWaitingTakesNothingWhateverItWaitedFor() throws Exception {
    nothingIsTaken(
        "deliveries/claim",
        () -> work.deliver(Samples.receipt("d1", Verdict.BUILD)),
        () -> work.claimDelivery(AT_ONCE).isPresent());
    assertThat(attempts("shop.d1")).as("how often it was taken").isEqualTo(1);
    nothingIsTaken(
        "runs/claim",
        () -> work.create(Samples.order("shop", "k1")),
        () -> work.claimRun(AT_ONCE).isPresent());
    nothingIsTaken(
        "version-requests/claim",
        () ->
            work.resolveVersion(
                new VersionRequest(Samples.SHOP, "refs/heads/main", Samples.COMMIT), NOW),
        () -> work.claimVersion(AT_ONCE).isPresent());
    nothingIsTaken(
        "image-requests/claim",
        () -> work.resolveImage(new ImageRequest("debian:13"), NOW),
        () -> work.claimImage(AT_ONCE).isPresent());
  }
}
