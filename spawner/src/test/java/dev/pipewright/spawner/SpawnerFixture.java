package dev.pipewright.spawner;

import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.http.SpawnerRoutes;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.process.ProcessLauncher;
import dev.pipewright.spawner.process.ProcessLauncherConfig;
import dev.pipewright.spawner.queue.QueueConfig;
import dev.pipewright.spawner.queue.WorkspaceConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Spawner with real HTTP, real processes, and a shell script in the place of the engine. */
final class SpawnerFixture {
  static final Duration SWEEP = Duration.ofMillis(200);
  static final URI PUBLIC_URL = URI.create("http://pipewright.example");
  static final String FINISHES = tells("finished");

  final FakeState state = new FakeState();
  final FakeStateServer stateServer;
  private final Path data;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer server;
  private Spawner spawner;
  private Launcher launcher;
  private volatile Duration ahead = Duration.ZERO;
  private boolean needsImages;
  private final @Nullable Sides sides;
  private final WorkspaceConfig workspaces;

  SpawnerFixture(Path data, String engine) throws Exception {
    this(data, engine, null, new WorkspaceConfig(Duration.ofHours(1), 20, 0, SWEEP));
  }

  /**
   * A Spawner with other settings from its start on.
   *
   * @param sides the containers beside units; null for those of the launcher
   */
  SpawnerFixture(Path data, String engine, @Nullable Sides sides, WorkspaceConfig workspaces)
      throws Exception {
    this.data = data;
    this.sides = sides;
    this.workspaces = workspaces;
    this.stateServer = new FakeStateServer(state);
    engine(engine);
    state.source("shop", "plain-git", null);
    this.launcher = newLauncher();
    this.spawner = newSpawner(launcher);
    this.server = serve();
  }

  /** An engine that says "finished", "failed" or "parked" of its run and ends. */
  static String tells(String what) {
    return """
        echo "$PIPEWRIGHT_RUN" >>"$PIPEWRIGHT_WORKSPACE/run"
        number=${PIPEWRIGHT_RUN#*#}
        curl -sS --fail -X POST "$PIPEWRIGHT_SERVER/api/v1/runs/shop%23$number/WHAT-by-engine"
        """
        .replace("WHAT", what);
  }

  /** A run of shop at a commit of only a. */
  static NewRun aRun() {
    return Json.read(
        """
        {"key":"k","source":"shop","ref":"refs/heads/main","commit":"%s",
         "cause":{"kind":"push"},"versionKey":"key","bundle":"sha256:%s",
         "plan":{"pipeline":"shop","definition":"S","triggers":[],"steps":[]},
         "parameters":{},"isolated":false}
        """
            .formatted("a".repeat(40), "0".repeat(64)),
        NewRun.class);
  }

  /** What runs instead of the engine from now on. */
  void engine(String script) throws IOException {
    Path program = data.resolve("engine");
    Path part = data.resolve("engine.part");
    Files.writeString(part, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(part, program, StandardCopyOption.REPLACE_EXISTING);
  }

  /** From the next start on, units need an image, and no image is ever ready. */
  void needImages() {
    needsImages = true;
  }

  Instant now() {
    return InstantSource.system().instant().plus(ahead);
  }

  /** Lets the Spawner believe that so much time has passed. */
  void passTime(Duration time) {
    ahead = ahead.plus(time);
  }

  private Launcher newLauncher() {
    Launcher launcher = newProcessLauncher();
    return new OtherLauncher(launcher, needsImages, sides == null ? launcher.sides() : sides);
  }

  private Launcher newProcessLauncher() {
    return new ProcessLauncher(
        new ProcessLauncherConfig(
            data.resolve("launcher"),
            List.of(data.resolve("engine").toString()),
            stateServer.address(),
            "/usr/local/bin:/usr/bin:/bin",
            Limits.defaults(1)));
  }

  private Spawner newSpawner(Launcher with) {
    QueueConfig queue =
        new QueueConfig(
            "it",
            4,
            2,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            Duration.ofMinutes(2),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            "base",
            workspaces);
    WorkClient client =
        new WorkClient(
            new HttpTransport(stateServer.address(), "service", Duration.ofSeconds(5)), "it");
    return Spawner.start(new SpawnerConfig(PUBLIC_URL, queue), client, with, this::now);
  }

  private HttpServer serve() throws Exception {
    Router router = Router.router(vertx);
    SpawnerRoutes.mount(vertx, router, spawner);
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /** Stops the Spawner and leaves its units running. */
  void stop() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    spawner.close();
    launcher.close();
  }

  /** Starts it again on the same data. */
  void start() throws Exception {
    launcher = newLauncher();
    spawner = newSpawner(launcher);
    server = serve();
  }

  URI hook(String source) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/hooks/" + source);
  }

  HttpResponse<String> post(String source, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(hook(source)).POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  String get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)).body();
  }

  Path workspaces() {
    return data.resolve("launcher").resolve("workspaces");
  }

  Path units() {
    return data.resolve("launcher").resolve("units");
  }

  Launcher launcher() {
    return launcher;
  }

  /** Ends everything, units included. */
  void end() throws Exception {
    stop();
    Launcher last = newLauncher();
    last.list().forEach(unit -> last.release(unit, false));
    last.close();
    http.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    stateServer.close();
  }
}
