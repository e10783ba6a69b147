package dev.pipewright.state.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.state.SchemaException;
import dev.pipewright.state.SignInLimits;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.backup.Backups;
import dev.pipewright.state.feed.Cctray;
import dev.pipewright.state.feed.Feeds;
import dev.pipewright.state.metrics.GraphiteTarget;
import dev.pipewright.state.metrics.MeteredStorage;
import dev.pipewright.state.metrics.Meters;
import dev.pipewright.state.mongo.MongoStorage;
import dev.pipewright.state.oidc.OidcConfig;
import dev.pipewright.state.oidc.OidcSignIn;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The State-Controller in one handle: opened on a storage, mounted on a router of whoever serves
 * it, closed at the end. Thread-safe.
 */
public final class StateController implements AutoCloseable {
  /**
   * The most bytes of a request's body that its HTTP server should hand over at once: output comes
   * in large pieces, and each one costs two changes of threads.
   */
  public static final int BODY_PIECE = 64 * 1024;

  private static final Logger log = LoggerFactory.getLogger(StateController.class);
  private static final long SWEEP_SECONDS = 2;
  private static final long EXPIRE_MILLIS = 500;
  private static final long BEAT_SECONDS = 5;
  private static final long CLOSE_MILLIS = 500;

  private final Storage storage;
  private final InstantSource clock;
  private final SessionCookie cookie;
  private final SignInLimits limits;
  private final UseCases cases;
  private final Backups backups;
  private final Meters meters;
  private final Feeds feeds;
  private final LiveStream live;
  private final Door door;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("state-timer").factory());
  private volatile @Nullable OidcSignIn oidc;
  private volatile CorsOrigins origins = CorsOrigins.NONE;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean expiring = new AtomicBoolean();

  private StateController(
      StateConfig config, MongoStorage storage, Meters meters, InstantSource clock)
      throws IOException {
    this.storage = storage;
    this.clock = clock;
    this.cookie = new SessionCookie("https".equals(config.publicUrl().getScheme()));
    this.limits = new SignInLimits(clock);
    this.meters = meters;
    this.cases = new UseCases(config, new MeteredStorage(storage, meters), clock);
    this.backups = new Backups(config.data(), storage, config.publicUrl(), clock);
    meters.watch(cases);
    this.feeds =
        new Feeds(
            cases.pipelines(),
            run -> cases.runs().snapshot(run).steps(),
            new Cctray(config.publicUrl(), config.erroredIsException()));
    this.live = new LiveStream(cases, clock);
    this.door = new Door(cases.tokens(), config.closedReads());
    cases.listen(feeds);
    cases.listen(live);
  }

  /**
   * Opens the storage and mends what a crash left; within the data folder only one process may do
   * so.
   *
   * @throws StoreException if the database cannot be opened or reached
   * @throws SchemaException if a newer program has written the store
   * @throws IOException if the data folder cannot be used
   */
  public static StateController open(StateConfig config, InstantSource clock) throws IOException {
    return open(config, null, clock);
  }

  /** The same, with its numbers sent to {@code graphite}, if that is not null. */
  public static StateController open(
      StateConfig config, @Nullable GraphiteTarget graphite, InstantSource clock)
      throws IOException {
    String mongo = config.mongo();
    MongoStorage storage =
        mongo == null ? MongoStorage.embedded(config.data()) : MongoStorage.at(mongo);
    Meters meters = new Meters(graphite);
    try {
      storage.ping();
      StateController opened = new StateController(config, storage, meters, clock);
      opened.begin();
      return opened;
    } catch (IOException | RuntimeException e) {
      meters.close();
      storage.close();
      throw e;
    }
  }

  private void begin() {
    var unused =
        timer.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    var unusedEither =
        timer.scheduleWithFixedDelay(
            () -> threads.execute(this::expire),
            EXPIRE_MILLIS,
            EXPIRE_MILLIS,
            TimeUnit.MILLISECONDS);
    var unusedToo =
        timer.scheduleAtFixedRate(this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    threads.execute(live::run);
  }

  /** What the timer does every few seconds: tells all who listen that the server lives. */
  void beat() {
    live.beat();
  }

  private void sweep() {
    try {
      cases.sweep();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("Sweep was not finished");
    }
  }

  /** Apart from the timer, as the end of many waits takes its time. */
  private void expire() {
    if (!expiring.compareAndSet(false, true)) {
      return;
    }
    try {
      cases.answers().expire();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("Could not look for waits that are over");
    } finally {
      expiring.set(false);
    }
  }

  /** Lets people sign in through this provider, too; null for none. To be called before a mount. */
  public void signInBy(@Nullable OidcConfig provider) {
    oidc = provider == null ? null : new OidcSignIn(provider, clock);
  }

  /** Lets these pages of other sites read the feeds. To be called before a mount. */
  public void shareFeeds(CorsOrigins pages) {
    origins = pages;
  }

  /** Puts all routes of the State-Controller on {@code router}; nothing outside of them. */
  public void mount(Vertx vertx, Router router) {
    mount(vertx, router, () -> null);
  }

  /**
   * The same, with {@code note} asked on each {@code /health/ready} for what operators should know;
   * null for nothing. Only those who may read are told.
   */
  public void mount(Vertx vertx, Router router, Supplier<@Nullable String> note) {
    new OidcRoutes(oidc, cases.tokens().sessions(), cases.audit(), limits, cookie)
        .mount(router, threads);
    router.get("/health/live").handler(ctx -> Answers.write(ctx, Reply.ok(new Health("live"))));
    router.get("/health/ready").handler(ctx -> threads.execute(() -> ready(ctx, note.get())));
    router.get("/metrics").handler(ctx -> threads.execute(() -> metrics(ctx)));
    router.get(Routes.STREAM).handler(this::stream);
    router.route(Routes.STREAM).handler(ctx -> Errors.refuse(ctx, "GET"));
    new FeedRoutes(feeds, door, meters, origins).mount(router);
    List<Endpoint> endpoints = endpoints();
    new Mount(door, threads, meters, cases.audit()).mount(router, endpoints);
    byte[] openApi = Json.bytes(OpenApi.of(RouteTable.of(endpoints)));
    router
        .get(Routes.OPENAPI)
        .handler(
            ctx -> Answers.write(ctx, new Reply.Whole(200, "application/json", openApi, Map.of())));
  }

  /** Every route below {@code /api/v1} that is answered by a use case. */
  List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(new RunEndpoints(cases).all());
    endpoints.addAll(new FileEndpoints(cases).all());
    endpoints.addAll(new WorkEndpoints(cases, meters).all());
    endpoints.addAll(new ServiceEndpoints(cases).all());
    endpoints.addAll(new OutboxEndpoints(cases).all());
    endpoints.addAll(new BackupEndpoints(backups).all());
    OidcSignIn provider = oidc;
    endpoints.addAll(
        new PeopleEndpoints(cases, limits, cookie, provider == null ? null : provider.host())
            .all());
    return endpoints;
  }

  /**
   * Lets only those to these addresses who may read; for what others serve on the same router
   * beside the API. To be called before they mount it.
   */
  public void guardReads(Router router, String... paths) {
    for (String path : paths) {
      router
          .route(path)
          .handler(
              ctx -> {
                try {
                  door.enter(Need.FEED, Knock.of(ctx.request()), "");
                  ctx.next();
                } catch (ApiException e) {
                  Answers.write(ctx, Problems.reply(Problems.of(e, path)));
                }
              });
    }
  }

  private record Health(String status) {}

  private record NotedHealth(String status, String note) {}

  private void ready(RoutingContext ctx, @Nullable String note) {
    try {
      cases.ping();
      Answers.write(
          ctx,
          Reply.ok(
              note == null || !door.isOpenTo(Need.READ, Knock.of(ctx.request()))
                  ? new Health("ready")
                  : new NotedHealth("ready", note)));
    } catch (StoreException e) {
      Answers.write(ctx, Problems.reply(Problems.of(e, "/health/ready")));
    }
  }

  private void metrics(RoutingContext ctx) {
    try {
      door.enter(Need.READ, Knock.of(ctx.request()), "");
      Answers.write(ctx, Reply.text("text/plain; version=0.0.4; charset=utf-8", meters.scrape()));
    } catch (ApiException e) {
      Answers.write(ctx, Problems.reply(Problems.of(e, "/metrics")));
    }
  }

  private void stream(RoutingContext ctx) {
    try {
      Knock knock = Knock.of(ctx.request());
      door.enter(Need.FEED, knock, "");
      String run = ctx.request().getParam("run");
      live.open(
          ctx.response(),
          ctx.vertx().getOrCreateContext(),
          run == null || run.isEmpty() ? null : RunId.parse(run),
          ctx.request().getHeader("Last-Event-ID"),
          () -> door.isOpenTo(Need.FEED, knock));
    } catch (ApiException | ProtocolException e) {
      Answers.write(ctx, Problems.reply(Problems.of(e, Routes.STREAM)));
    }
  }

  /** The token of Spawners and Builders. */
  public String serviceToken() {
    return cases.tokens().serviceToken();
  }

  /**
   * The admin token, if it was configured or has just been made; later starts know only its hash.
   */
  public Optional<String> adminToken() {
    return cases.tokens().adminToken();
  }

  /** Lets what is being written be written; only waits for work are cut off. */
  private void endRequests() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of everything. What was acknowledged is on disk already. May be repeated. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      timer.shutdownNow();
      live.close();
      OidcSignIn provider = oidc;
      if (provider != null) {
        provider.close();
      }
      endRequests();
      storage.close();
      meters.close();
    }
  }
}
