package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.client.TcpProxy;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.store.MemoryStorage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who listens, is cut off, comes back, or does not read; over HTTP. */
class LiveStreamIT {
  private static final int REMEMBERED = 100;
  private static final int MOST = 20;

  private final Vertx vertx = Vertx.vertx();
  private UseCases cases;
  private LiveStream stream;
  private int port;
  private TcpProxy line;
  private int runs;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    cases =
        new UseCases(
            StateConfig.of(folder, URI.create("http://ci.example"), Served.ADMIN),
            new MemoryStorage(folder),
            Clock.systemUTC());
    cases.sources().register(Samples.source());
    stream = begin();
    line = new TcpProxy(port);
  }

  /** The stream of a server that has just started. */
  private LiveStream begin() throws Exception {
    LiveStream begun = new LiveStream(cases, Clock.systemUTC(), REMEMBERED, MOST);
    cases.listen(begun);
    Thread.ofVirtual().start(begun::run);
    port =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(request -> answer(begun, request))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
    return begun;
  }

  private void answer(LiveStream begun, HttpServerRequest request) {
    String run = request.getParam("run");
    try {
      begun.open(
          request.response(),
          vertx.getOrCreateContext(),
          run == null ? null : RunId.parse(run),
          request.getHeader("Last-Event-ID"),
          () -> true);
    } catch (ApiException e) {
      Future<Void> unused = request.response().setStatusCode(e.problem().status()).end();
    }
  }

  @AfterEach
  void stop() {
    stream.close();
    line.close();
    Void unused = vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void makeRuns(int count) {
    for (int i = 0; i < count; i++) {
      runs++;
      Object unused = cases.runs().create(Samples.order("shop", "key " + runs));
    }
  }

  /** Somebody who is heard by the server: from now on nothing is missed. */
  private EventSource listen(@Nullable String lastId) throws IOException {
    EventSource source = new EventSource(line.port(), "", lastId);
    source.until("beat");
    return source;
  }

  private static List<String> ofRuns(List<String> told) {
    return told.stream().filter(event -> event.startsWith("run ")).toList();
  }

  private List<String> everyRun() {
    return IntStream.rangeClosed(1, runs).mapToObj(number -> "run shop#" + number).toList();
  }

  @Test
  void whoIsCutOffAndComesBackIsToldWhatItMissedOnceAndInOrder() throws Exception {
    List<String> told;
    String last;
    try (EventSource first = listen(null)) {
      makeRuns(5);
      first.until("run shop#5");
      line.cut();
      told = first.told();
      last = first.lastId();
    }
    makeRuns(10);
    line.mend();
    try (EventSource second = listen(last)) {
      second.until("run shop#15");
      makeRuns(3);
      second.until("run shop#18");
      assertThat(second.told()).doesNotContain("reset");
      told.addAll(second.told());
    }
    assertThat(ofRuns(told)).isEqualTo(everyRun());
  }

  @Test
  void whoMissedTooMuchIsToldToReadEverythingAnew() throws Exception {
    String last;
    try (EventSource first = listen(null)) {
      makeRuns(1);
      first.until("run shop#1");
      last = first.lastId();
    }
    try (EventSource other = listen(null)) {
      // All at once may be too much for who listens, too.
      for (int half = 0; half < 2; half++) {
        makeRuns(REMEMBERED / 2 + 1);
        other.until("run shop#" + runs);
      }
    }
    try (EventSource second = listen(last)) {
      second.until("reset");
      makeRuns(1);
      second.until("run shop#" + runs);
      assertThat(ofRuns(second.told())).containsExactly("run shop#" + runs);
    }
  }

  @Test
  void afterARestartWhoComesBackIsToldToReadEverythingAnew() throws Exception {
    String last;
    try (EventSource first = listen(null)) {
      makeRuns(1);
      first.until("run shop#1");
      last = first.lastId();
    }
    stream.close();
    line.close();
    stream = begin();
    line = new TcpProxy(port);
    try (EventSource second = listen(last)) {
      second.until("reset");
    }
    try (EventSource third = listen("made-up")) {
      third.until("reset");
    }
  }

  @Test
  void whoListensToOneRunHearsOfNoOther() throws Exception {
    try (EventSource all = listen(null);
        EventSource one = new EventSource(line.port(), "?run=shop%232", null)) {
      one.until("beat");
      makeRuns(3);
      all.until("run shop#3");
      one.until("run shop#2");
      RunSnapshot unused = cases.runs().cancel(RunId.parse("shop#2"), "ann", null);
      await().until(() -> ofRuns(one.told()).size() == 2);
      assertThat(ofRuns(one.told())).containsExactly("run shop#2", "run shop#2");
      assertThat(all.told()).contains("run shop#1");
    }
  }

  /** A run of so many steps whose engine has begun. */
  private LaunchOrder longRun(int count) {
    List<PlanStep> steps =
        IntStream.range(0, count).mapToObj(i -> Samples.leaf(new StepPath("step " + i))).toList();
    NewRun usual = Samples.order("shop", "long");
    Plan plan = new Plan(usual.plan().pipeline(), "ShopPipeline", List.of(), null, steps);
    Object unused =
        cases
            .runs()
            .create(
                new NewRun(
                    usual.key(),
                    usual.source(),
                    usual.ref(),
                    usual.commit(),
                    usual.cause(),
                    usual.versionKey(),
                    usual.bundle(),
                    plan,
                    usual.parameters(),
                    null,
                    false,
                    null,
                    Origin.TRUSTED));
    LaunchOrder launch = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    report(launch, Samples.began(1));
    return launch;
  }

  private void report(LaunchOrder launch, EventEnvelope... events) {
    Object unused =
        cases.reports().report(launch.run(), new EventBatch(launch.fence(), List.of(events)));
  }

  private void runStep(LaunchOrder launch, int number) {
    StepPath path = new StepPath("step " + number);
    report(
        launch,
        Samples.began(2L + 2L * number, path),
        Samples.ended(3L + 2L * number, path, Outcome.SUCCEEDED));
  }

  private static RunSnapshot last(EventSource source) {
    List<String> runs = source.runs();
    return Json.read(runs.getLast(), RunSnapshot.class);
  }

  private static boolean isOver(EventSource source) {
    return !source.runs().isEmpty() && last(source).outcome() != null;
  }

  @Test
  void theStepsOfALongRunAreToldToWhoFollowsItAloneAndNotEachTime() throws Exception {
    int count = 1000;
    LaunchOrder launch = longRun(count);
    long begun = System.nanoTime();
    try (EventSource all = listen(null);
        EventSource one = new EventSource(line.port(), "?run=shop%231", null)) {
      all.until("beat");
      one.until("beat");
      for (int i = 0; i < count; i++) {
        runStep(launch, i);
      }
      report(launch, Samples.ended(2 + 2 * count, Outcome.SUCCEEDED));
      await().until(() -> isOver(all) && isOver(one));
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(all.runs())
          .allSatisfy(run -> assertThat(run).contains("\"steps\":[]").hasSizeLessThan(4000));
      assertThat(last(one).steps())
          .hasSize(count)
          .allSatisfy(step -> assertThat(step.outcome()).isEqualTo(Outcome.SUCCEEDED));
      assertThat(one.runs()).hasSizeLessThanOrEqualTo((int) (millis / 350) + 2);
      assertThat(one.told()).contains("pipeline");
    }
  }

  @Test
  void whoComesBackToOneRunIsToldHowItStandsNow() throws Exception {
    LaunchOrder launch = longRun(3);
    String last;
    try (EventSource first = new EventSource(line.port(), "?run=shop%231", null)) {
      first.until("beat");
      runStep(launch, 0);
      first.until("run shop#1");
      line.cut();
      last = first.lastId();
    }
    runStep(launch, 1);
    line.mend();
    try (EventSource second = new EventSource(line.port(), "?run=shop%231", last)) {
      second.until("run shop#1");
      await().until(() -> last(second).steps().get(1).outcome() == Outcome.SUCCEEDED);
      assertThat(second.told()).doesNotContain("reset");
    }
  }

  @Test
  void whoComesWhenTooManyListenIsToldToComeAgain() throws Exception {
    List<EventSource> sources = new ArrayList<>();
    try {
      for (int i = 0; i < MOST; i++) {
        EventSource source = listen(null);
        sources.add(source);
        source.until("beat");
      }
      assertThat(status()).startsWith("HTTP/1.1 503 ");
      sources.getFirst().close();
      await().atMost(Duration.ofSeconds(20)).until(() -> status().startsWith("HTTP/1.1 200 "));
    } finally {
      for (EventSource source : sources) {
        source.close();
      }
    }
  }

  private String status() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: ci\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200 ".length());
      return new String(line, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void whoDoesNotReadIsCutOffAndNothingIsKeptForIt() throws Exception {
    try (Socket deaf = new Socket();
        EventSource other = listen(null)) {
      deaf.setReceiveBufferSize(4096);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      deaf.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: ci\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = deaf.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      String large = "x".repeat(200_000);
      for (int i = 1; i <= 100; i++) {
        runs++;
        Cause cause = new Cause("push", "ann", large, "shop.1");
        Object unused = cases.runs().create(Samples.order("shop", "key " + runs).with(cause));
        other.until("run shop#" + runs);
      }
      await()
          .until(
              () -> {
                stream.beat();
                return Collections.frequency(other.told(), "beat") > 6;
              });
      long read = 0;
      deaf.setSoTimeout(20_000);
      try {
        for (int count = 0; count >= 0; count = in.read(new byte[65_536])) {
          read += count;
        }
      } catch (SocketException e) {
        assertThat(e).hasMessageContaining("reset");
      }
      assertThat(read).isLessThan(15_000_000);
      assertThat(ofRuns(other.told())).hasSize(100);
    }
  }
}
