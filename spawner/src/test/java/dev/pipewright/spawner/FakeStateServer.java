package dev.pipewright.spawner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.ImageAnswer;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Speaks the routes of a State-Controller that a Spawner uses, over a {@link FakeState}. */
final class FakeStateServer implements AutoCloseable {
  private final FakeState state;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean away;

  FakeStateServer(FakeState state) throws IOException {
    this.state = state;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** While it is away it answers everything with 503. */
  void goAway(boolean gone) {
    away = gone;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = 200;
    Object answer;
    try {
      if (away) {
        throw new ApiException(Problem.Code.UNAVAILABLE, "Away.");
      }
      answer = answer(exchange.getRequestURI(), body);
    } catch (ApiException e) {
      status = e.problem().status();
      answer = e.problem();
    }
    byte[] bytes = answer == null ? new byte[0] : Json.bytes(answer);
    exchange.sendResponseHeaders(answer == null ? 204 : status, answer == null ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private @Nullable Object answer(URI uri, byte[] body) {
    String path = uri.getPath();
    if (path.equals(Routes.DELIVERIES_CLAIM)) {
      return waiting(state::claimDelivery);
    }
    if (path.equals(Routes.RUNS_CLAIM)) {
      return waiting(state::claimRun);
    }
    if (path.equals(Routes.SIDES_CLAIM)) {
      return waiting(state::claimSide);
    }
    if (path.equals(Routes.OUTBOX_CLAIM)) {
      return waiting(Optional::empty);
    }
    if (path.equals(Routes.DELIVERIES)) {
      return state.deliver(Json.read(body, DeliveryReceipt.class));
    }
    if (path.equals(Routes.VERSIONS_RESOLVE)) {
      return state.version(Json.read(body, VersionRequest.class));
    }
    if (path.equals(Routes.RUNS)) {
      return state.create(Json.read(body, NewRun.class));
    }
    if (path.equals(Routes.RUNS_CLAIMED)) {
      return state.claimed();
    }
    if (path.equals(Routes.IMAGES_RESOLVE)) {
      return new ImageAnswer(VersionAnswer.State.PENDING, null, null);
    }
    String[] parts = path.substring(1).split("/", -1);
    if (path.startsWith(Routes.SOURCES)) {
      return state.sourceWithSecret(parts[3]);
    }
    if (path.startsWith(Routes.DELIVERIES) && parts[4].equals("lease")) {
      state.renew(parts[3], Json.read(body, Lease.class));
      return null;
    }
    if (path.startsWith(Routes.DELIVERIES)) {
      state.done(parts[3], Json.read(body, DeliveryDone.class));
      return null;
    }
    return ofRun(RunId.parse(parts[3]), parts.length > 4 ? parts[4] : "", body);
  }

  private @Nullable Object ofRun(RunId run, String action, byte[] body) {
    switch (action) {
      case "launched" -> state.launched(run, Json.read(body, LaunchReport.class));
      case "ended" -> state.ended(run, Json.read(body, LaunchEnd.class));
      case "requeue" -> state.requeue(run, Json.read(body, Lease.class));
      case "finished-by-engine" -> state.finishedByEngine(run, Outcome.SUCCEEDED);
      case "failed-by-engine" -> state.finishedByEngine(run, Outcome.FAILED);
      case "parked-by-engine" -> state.park(run);
      case "sides" -> state.sideReported(Json.read(body, SideReport.class));
      case "lease" -> {
        return state.renew(run, Json.read(body, Lease.class));
      }
      default -> {
        return state.snapshot(run);
      }
    }
    return null;
  }

  private static <T> @Nullable T waiting(Supplier<Optional<T>> claim) {
    for (int i = 0; i < 100; i++) {
      Optional<T> found = claim.get();
      if (found.isPresent()) {
        return found.get();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return null;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
