package dev.pipewright.spawner.post;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.OutboxReport.Result;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPosterTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final String TOKEN = "very-secret-token";

  private Receiver receiver;
  private HttpPoster poster;

  @BeforeEach
  void open() throws Exception {
    receiver = new Receiver();
    poster = new HttpPoster(Duration.ofMinutes(1), () -> NOW);
  }

  @AfterEach
  void close() {
    poster.close();
    receiver.close();
  }

  private Sent send(URI url) throws Exception {
    return send(poster, url);
  }

  private static Sent send(HttpPoster poster, URI url) throws Exception {
    Post post =
        Post.json(
            "forge.example",
            url,
            Map.of("Authorization", "Bearer " + TOKEN),
            Map.of("a", 1),
            List.of(TOKEN));
    return poster.send(post, answer -> false);
  }

  private Sent answered(int status, String body, String... headers) throws Exception {
    receiver.says(status, body, headers);
    return send(receiver.address());
  }

  @ParameterizedTest
  @CsvSource({
    "200, SENT",
    "201, SENT",
    "204, SENT",
    "301, REFUSED",
    "400, REFUSED",
    "401, REFUSED",
    "403, REFUSED",
    "404, REFUSED",
    "408, RETRY",
    "409, RETRY",
    "410, REFUSED",
    "422, REFUSED",
    "425, RETRY",
    "429, RETRY",
    "500, RETRY",
    "502, RETRY",
    "503, RETRY"
  })
  void whatMayBeOverLaterIsTriedAgainAndTheRestIsNot(int status, Result result) throws Exception {
    assertThat(answered(status, "").result()).isEqualTo(result);
  }

  @Test
  void theReasonSaysWhoAnsweredWhatAndNeverTheSecret() throws Exception {
    Sent sent =
        answered(422, "{\"message\":\"No commit\\r\\nfound for " + TOKEN + "\\u001b[31m\"}");

    assertThat(sent.reason()).isEqualTo("forge.example answered 422: No commit found for *** [31m");
  }

  @Test
  void aReceiverMaySayWhenToComeAgainInSecondsOrAsATime() throws Exception {
    assertThat(answered(503, "", "Retry-After", "120").retryAfterSeconds()).isEqualTo(120);
    assertThat(
            answered(429, "", "Retry-After", "Fri, 20 Nov 2026 12:01:30 GMT").retryAfterSeconds())
        .isEqualTo(90);
    assertThat(answered(503, "", "Retry-After", "soon").retryAfterSeconds()).isNull();
  }

  @Test
  void theLimitOfRequestsOfGitHubIsNoRefusal() throws Exception {
    Sent sent =
        answered(
            403,
            "{\"message\":\"API rate limit exceeded\"}",
            "X-RateLimit-Remaining",
            "0",
            "X-RateLimit-Reset",
            Long.toString(NOW.getEpochSecond() + 600));

    assertThat(sent.result()).isEqualTo(Result.RETRY);
    assertThat(sent.retryAfterSeconds()).isEqualTo(600);
    assertThat(answered(403, "", "Retry-After", "60").result()).isEqualTo(Result.RETRY);
    assertThat(answered(403, "", "X-RateLimit-Remaining", "10").result()).isEqualTo(Result.REFUSED);
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    try (Receiver other = new Receiver()) {
      Sent sent = answered(307, "", "Location", other.address().toString());

      assertThat(sent.result()).isEqualTo(Result.REFUSED);
      assertThat(sent.reason()).contains("Redirects are not followed");
      assertThat(other.left()).isZero();
    }
  }

  @Test
  void aServerThatIsNotThereIsTriedAgain() throws Exception {
    // A port that is taken, so that nobody else takes it, and at which nobody listens.
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

      Sent sent = send(URI.create("http://127.0.0.1:" + nobody.getLocalPort()));

      assertThat(sent.result()).isEqualTo(Result.RETRY);
      assertThat(sent.reason()).startsWith("forge.example could not be reached");
    }
  }

  @ParameterizedTest
  @Timeout(60)
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"})
  void aServerThatDoesNotComeToAnEndIsGivenUpInTime(String beginning) throws Exception {
    try (HttpPoster hurried = new HttpPoster(Duration.ofSeconds(1), () -> NOW);
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread stuck =
          Thread.startVirtualThread(
              () -> {
                try {
                  Socket client = socket.accept();
                  client.getOutputStream().write(beginning.getBytes(StandardCharsets.UTF_8));
                  client.getOutputStream().flush();
                } catch (java.io.IOException e) {
                  // The test is over.
                }
              });

      Sent sent = send(hurried, URI.create("http://127.0.0.1:" + socket.getLocalPort()));

      assertThat(sent.result()).isEqualTo(Result.RETRY);
      stuck.interrupt();
    }
  }

  @Test
  void ofAnEndlessAnswerOnlyTheBeginningIsRead() throws Exception {
    Sent sent = answered(400, "{\"message\":\"" + "x".repeat(5_000_000) + "\"}");

    assertThat(sent.result()).isEqualTo(Result.REFUSED);
    assertThat(sent.reason()).isEqualTo("forge.example answered 400.");
  }

  @Test
  void whatIsNoAddressIsRefused() throws Exception {
    assertThat(send(URI.create("http:///nowhere")).result()).isEqualTo(Result.REFUSED);
  }
}
