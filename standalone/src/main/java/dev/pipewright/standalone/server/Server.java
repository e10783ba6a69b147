package dev.pipewright.standalone.server;

import dev.pipewright.builder.Builder;
import dev.pipewright.builder.BuilderConfig;
import dev.pipewright.builder.http.GitRoutes;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.Spawner;
import dev.pipewright.spawner.SpawnerConfig;
import dev.pipewright.spawner.http.SpawnerRoutes;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.queue.QueueConfig;
import dev.pipewright.spawner.queue.WorkspaceConfig;
import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Distribution;
import dev.pipewright.standalone.client.Pause;
import dev.pipewright.state.MasterKeys;
import dev.pipewright.state.SchemaException;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.http.Errors;
import dev.pipewright.state.http.StateController;
import dev.pipewright.state.oidc.OidcConfig;
import dev.pipewright.state.store.StoreException;
import dev.pipewright.ui.http.ReadGuard;
import dev.pipewright.ui.http.Ui;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All components, or one of them, in one process on one port. They are put together here and
 * nowhere else, and talk to each other over the same HTTP as on several machines.
 */
final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
  private static final long PATIENCE_SECONDS = 20;
  private static final String READY = "/health/ready";
  private static final String[] WALL_DATA = {"/wall.json", "/wall/feeds.json"};
  private static final int ENDED_BY_SIGNAL = 143;
  private static final int END_SECONDS = 5;
  private static final long SETTLE_SECONDS = 5;
  private static final Duration SETTLE_PAUSE = Duration.ofMillis(20);

  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean complete = new AtomicBoolean();
  private final AtomicBoolean ending = new AtomicBoolean();
  private @Nullable Spawner spawner;
  private final ServerAddress address;
  private final ComponentSettings components;
  private volatile @Nullable LauncherChoice launcher;
  private @Nullable String newAdminToken;

  private Server(ServerAddress address, ComponentSettings components) {
    this.address = address;
    this.components = components;
  }

  /**
   * Starts everything and returns once it is ready.
   *
   * @throws CommandException if it cannot be started; what was started is stopped again
   */
  static Server start(ServerSettings settings, Distribution distribution) {
    return start(settings, new ComponentSettings(), distribution);
  }

  /**
   * Starts the components that are asked for and returns once they are ready. One that works for
   * another process does not wait for that.
   *
   * @throws CommandException if they cannot be started; what was started is stopped again
   */
  static Server start(
      ServerSettings settings, ComponentSettings components, Distribution distribution) {
    components.check();
    settings.check();
    Server server = new Server(ServerAddress.of(settings, components), components);
    try {
      server.open(settings, distribution);
      return server;
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  private void open(ServerSettings settings, Distribution distribution) {
    Path data = settings.data.toAbsolutePath().normalize();
    makeFolder(data);
    Vertx vertx = vertx();
    keep(() -> await(vertx.close()));
    Router router = Router.router(vertx);
    Errors.on(router);
    String token = mountState(vertx, router, settings, data);
    // The others begin to claim work as soon as they start, so the API is there before them.
    listen(vertx, router, settings.host);
    startWorkers(vertx, router, new Setup(settings, distribution, data, token));
    if (components.runs(Component.ui)) {
      if (!components.runs(Component.state)) {
        keep(ReadGuard.mount(vertx, router, components.stateUrl(), WALL_DATA));
      }
      keep(Ui.mount(vertx, router, data.resolve("wall.json")));
    }
    complete.set(true);
    LOG.atInfo().addKeyValue("url", url()).log("Server is ready");
    giveBackMemory();
  }

  /** A start reads all pipelines; the heap would stay as large as it had to be for that. */
  private static void giveBackMemory() {
    Thread unused = Thread.startVirtualThread(System::gc);
  }

  /** Opens and mounts the State-Controller if it is one of ours; the token of its services. */
  private String mountState(Vertx vertx, Router router, ServerSettings settings, Path data) {
    if (components.runs(Component.state)) {
      OidcConfig provider = settings.oidc.provider(settings.publicUrl);
      StateController controller = keep(openState(settings, data));
      if (settings.adminToken == null) {
        newAdminToken = controller.adminToken().orElse(null);
      }
      controller.signInBy(provider);
      controller.shareFeeds(settings.monitoring.origins());
      controller.mount(vertx, router, this::note);
      controller.guardReads(router, WALL_DATA);
      return controller.serviceToken();
    }
    router.get("/health/live").handler(ctx -> ctx.response().end("live"));
    router.get(READY).handler(ctx -> ctx.response().end(readiness()));
    return components.worksForOthers() ? components.givenToken() : "";
  }

  private String readiness() {
    String note = note();
    return note == null ? "ready" : "ready\nnote: " + note + "\n";
  }

  private record Setup(
      ServerSettings settings, Distribution distribution, Path data, String serviceToken) {}

  private void startWorkers(Vertx vertx, Router router, Setup setup) {
    String instance = Instance.nameOf(setup.data());
    WorkClient client =
        new WorkClient(
            new HttpTransport(address.state(), setup.serviceToken(), CALL_TIMEOUT), instance);
    if (components.runs(Component.builder)) {
      Builder builder = startBuilder(setup, client);
      new GitRoutes(builder.gitAccess()).mount(router);
    }
    if (components.runs(Component.spawner)) {
      SpawnerRoutes.mount(vertx, router, startSpawner(setup, client, instance));
    }
  }

  private Builder startBuilder(Setup setup, WorkClient client) {
    return keep(
        Builder.start(
            BuilderConfig.of(
                    setup.data().resolve("builder"),
                    address.state(),
                    setup.distribution().engineJars(),
                    Path.of(System.getProperty("java.home")))
                .withLibraries(setup.settings().mavenRepository)
                .withRegistry(setup.settings().images.registry())
                .withCleaning(setup.settings().images.cleaned()),
            client,
            clock));
  }

  private Spawner startSpawner(Setup setup, WorkClient client, String instance) {
    LauncherChoice choice =
        LauncherChoice.make(setup.settings(), setup.distribution(), address, instance);
    launcher = choice;
    Launcher units = keep(choice.launcher());
    QueueConfig queue =
        QueueConfig.defaults(
                instance, Runtime.getRuntime().availableProcessors(), setup.settings().image)
            .withMaxRuns(setup.settings().maximumRuns())
            .withTimes(setup.settings().limits.longestRun(), setup.settings().limits.longestStart())
            .withWorkspaces(WorkspaceConfig.defaults().withKeep(setup.settings().workspacesKept()));
    Spawner started =
        keep(Spawner.start(new SpawnerConfig(address.publicUrl(), queue), client, units, clock));
    spawner = started;
    return started;
  }

  private static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  /** Answers; while other components are starting, everything but the API asks to come again. */
  private void handle(HttpServerRequest request, Router router) {
    String path = request.path();
    if (ending.get() && READY.equals(path)) {
      Errors.unavailable(request, "This server is stopping.", END_SECONDS);
    } else if (complete.get() || (path != null && path.startsWith(Routes.API))) {
      router.handle(request);
    } else {
      Errors.unavailable(request, "This server is starting.", 1);
    }
  }

  private StateController openState(ServerSettings settings, Path data) {
    try {
      StateConfig.checkToken("--admin-token", settings.adminToken);
      return StateController.open(
          new StateConfig(
              data,
              settings.mongo,
              address.publicUrl(),
              settings.adminToken,
              components.keptToken(data),
              MasterKeys.from(System.getenv()),
              settings.closedReads,
              settings.monitoring.erroredIsException,
              settings.maximumTotalRuns(),
              settings.reconcileEvery(),
              settings.keep.rule()),
          settings.monitoring.target(),
          clock);
    } catch (StoreException e) {
      throw new CommandException("Could not open the state in " + data + ": " + e.getMessage());
    } catch (IOException e) {
      throw new CommandException("Could not open the state in " + data + ": " + e + ".");
    } catch (IllegalArgumentException | SchemaException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private void listen(Vertx vertx, Router router, String host) {
    HttpServer http =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(host)
                .setPort(address.port())
                .setIdleTimeout(120)
                .setTcpNoDelay(true)
                .setMaxChunkSize(StateController.BODY_PIECE)
                .setAcceptBacklog(1024));
    try {
      await(http.requestHandler(request -> handle(request, router)).listen());
    } catch (CommandException e) {
      throw new CommandException(
          "Could not listen on port "
              + address.port()
              + ": "
              + e.getMessage()
              + ". Choose another one with --port.");
    }
  }

  private static void await(io.vertx.core.Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", 130);
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CommandException(String.valueOf(cause.getMessage()));
    }
  }

  private static void makeFolder(Path data) {
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new CommandException(
          "Could not make the data folder %s: %s. Choose another one with --data."
              .formatted(data, e));
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Where people reach this server. */
  URI url() {
    return address.publicUrl();
  }

  /** Where this process listens. */
  URI local() {
    return address.local();
  }

  /** The clock everything here uses. */
  InstantSource clock() {
    return clock;
  }

  /** The name of the launcher. */
  String launcher() {
    LauncherChoice choice = launcher;
    return choice == null ? "" : choice.launcher().name();
  }

  /** What somebody should know about the chosen launcher; null if nothing. */
  @Nullable String note() {
    LauncherChoice choice = launcher;
    return choice == null ? null : choice.note();
  }

  /** The administrator's token if it was made at this start. */
  @Nullable String newAdminToken() {
    return newAdminToken;
  }

  /** A connection with the rights of the administrator. */
  HttpTransport connectAs(String token) {
    return new HttpTransport(address.local(), token, CALL_TIMEOUT);
  }

  /** Waits a few seconds until the units of finished runs are gone, so that nothing is left. */
  void settle() {
    LauncherChoice choice = launcher;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    while (choice != null && System.nanoTime() < deadline && !choice.launcher().list().isEmpty()) {
      Pause.of(SETTLE_PAUSE);
    }
  }

  /**
   * Ends in good order: says that it is not ready, takes no more work, waits until what was taken
   * is planned and started, and stops everything. Deliveries are stored as long as it listens.
   * Where that takes longer than {@code grace}, the process ends all the same, as nothing is lost
   * by it.
   */
  void end(Duration grace) {
    ending.set(true);
    CountDownLatch ended = new CountDownLatch(1);
    Thread.ofPlatform().daemon().name("end").start(() -> endAfter(grace, ended));
    Spawner draining = spawner;
    if (draining != null) {
      draining.drain(grace.multipliedBy(2).dividedBy(3));
    }
    close();
    ended.countDown();
  }

  private static void endAfter(Duration grace, CountDownLatch ended) {
    try {
      if (!ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atWarn().addKeyValue("grace", grace).log("The time to end is over");
        Runtime.getRuntime().halt(ENDED_BY_SIGNAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Stops everything, the last started first. Units go on and are found again at the next start.
   */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception | LinkageError e) {
        LOG.atWarn()
            .addKeyValue("part", part.getClass().getSimpleName())
            .setCause(e)
            .log("Part did not stop");
      }
    }
  }
}
