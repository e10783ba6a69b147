package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.TcpProxy;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.mongo.WireMongo;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is away, silent, or there again, by the real driver over the wire. */
class MongoAwayIT {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private final AtomicInteger keys = new AtomicInteger();
  private final List<Long> acknowledged = new ArrayList<>();

  @TempDir Path folder;
  private WireMongo mongo;
  private TcpProxy line;
  private Served served;

  @BeforeEach
  void open() throws Exception {
    mongo = new WireMongo(folder.resolve("mongo.mv"));
    line = new TcpProxy(mongo.port());
    served = serve(line.port());
    served.admin().post(Routes.SOURCES, Samples.source());
  }

  private Served serve(int port) throws Exception {
    StateConfig usual =
        StateConfig.of(folder.resolve("data"), URI.create("http://ci.example"), Served.ADMIN);
    return Served.on(usual.at("mongodb://127.0.0.1:" + port + "/pipewright"));
  }

  @AfterEach
  void close() {
    served.close();
    line.close();
    mongo.close();
  }

  /** Asks for a run; remembers it if that is acknowledged. */
  private HttpResponse<String> create() throws Exception {
    String key = "key " + keys.incrementAndGet();
    HttpResponse<String> answer =
        served.send(
            "POST",
            "/api/v1/runs",
            served.state().serviceToken(),
            Json.text(Samples.order("shop", key)));
    if (answer.statusCode() == 201) {
      acknowledged.add(Json.read(answer.body(), RunSnapshot.class).number());
    }
    return answer;
  }

  private int ready() throws Exception {
    return served.send("GET", "/health/ready", null, null).statusCode();
  }

  private void thenItIsRefusedSoon() throws Exception {
    Instant asked = Instant.now();
    HttpResponse<String> answer = create();
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("unavailable").doesNotContain("127.0.0.1");
    assertThat(ready()).isEqualTo(503);
    assertThat(Duration.between(asked, Instant.now())).isLessThan(A_MINUTE);
    assertThat(served.send("GET", "/health/live", null, null).statusCode()).isEqualTo(200);
  }

  private void thenItGoesOnByItself() {
    await()
        .atMost(A_MINUTE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(create().statusCode()).isEqualTo(201));
    await().atMost(A_MINUTE).untilAsserted(() -> assertThat(ready()).isEqualTo(200));
  }

  /** Nothing acknowledged is missing in a server that knows only what is stored. */
  private void thenAllThatWasAcknowledgedIsStored() throws Exception {
    served.close();
    served = serve(mongo.port());
    for (long number : acknowledged) {
      assertThat(served.send("GET", "/api/v1/runs/shop%23" + number, null, null).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void whileTheDatabaseIsAwayNothingIsAcknowledgedAndLaterAllGoesOn() throws Exception {
    assertThat(create().statusCode()).isEqualTo(201);
    line.cut();
    thenItIsRefusedSoon();
    line.mend();
    thenItGoesOnByItself();
    thenAllThatWasAcknowledgedIsStored();
  }

  @Test
  void aDatabaseThatSwallowsEverythingEndsNoRequestLateAndLaterAllGoesOn() throws Exception {
    assertThat(create().statusCode()).isEqualTo(201);
    line.silence();
    thenItIsRefusedSoon();
    line.mend();
    thenItGoesOnByItself();
    thenAllThatWasAcknowledgedIsStored();
  }
}
