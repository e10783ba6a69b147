package dev.pipewright.ui.http;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Mending;
import dev.pipewright.protocol.api.MendingRequest;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small server with the read side of the API and the live stream, answering from records it is
 * given, with the pages under test on the same port. Thread-safe.
 */
final class CannedServer implements AutoCloseable {
  /** The one token that may write. */
  static final String TOKEN = "secret-of-the-test";

  /** A token that is known but may not write. */
  static final String READER = "reader-of-the-test";

  final Map<String, PipelineView> pipelines = new ConcurrentSkipListMap<>();
  final Map<RunId, RunSnapshot> runs = new ConcurrentHashMap<>();
  final List<SourceView> sources = new CopyOnWriteArrayList<>();
  final List<DeliveryView> deliveries = new CopyOnWriteArrayList<>();
  final CannedAnswers answers = new CannedAnswers(this);
  final CannedSettings settings = new CannedSettings(this);
  final CannedSessions sessions = new CannedSessions();

  /** Every accepted write: path, blank, body. */
  final List<String> writes = new CopyOnWriteArrayList<>();

  private final Map<String, Output> logs = new ConcurrentHashMap<>();
  private final CannedStream stream;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile boolean silentOfFeeds;

  /** True while outputs are not given from their beginning. */
  volatile boolean refusesBeginnings;

  /** How often a beginning was refused. */
  final AtomicInteger refusals = new AtomicInteger();

  CannedServer(InstantSource time, Path wallFile, int port) {
    this.stream = new CannedStream(vertx, time);
    Router router = Router.router(vertx);
    api(router);
    router.get("/wall/feeds.json").handler(this::feeds);
    router.get("/test/*").handler(CannedServer::testFile);
    Ui.mount(vertx, router, wallFile);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(port, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  String address() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Stops or resumes the beats; the stream itself stays open. */
  void beats(boolean on) {
    stream.beats(on);
  }

  /** Tells the listeners that they have missed something nobody remembers. */
  void reset() {
    stream.reset();
  }

  /** Answers what the feeds of others say, or not. */
  void tellsFeeds(boolean on) {
    silentOfFeeds = !on;
  }

  private void feeds(RoutingContext context) {
    if (silentOfFeeds) {
      context.response().setStatusCode(500).end();
    } else {
      context.next();
    }
  }

  /** Changes a pipeline, and nobody is told. */
  void putInSilence(PipelineView view) {
    pipelines.put(view.name().value(), view);
  }

  void put(PipelineView view) {
    pipelines.put(view.name().value(), view);
    stream.tell(view);
  }

  void put(RunSnapshot run) {
    runs.put(run.id(), run);
    stream.tell(run);
  }

  /** Appends to the output of a step and tells the listeners. */
  void appendLog(RunId run, String path, String text) {
    Output log = logs.computeIfAbsent(run + "/" + path, _ -> new Output());
    log.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    stream.tell(run, path, log.size());
  }

  /** The output of a step in an earlier attempt. */
  void earlierLog(RunId run, int attempt, String path, String text) {
    Output log = new Output();
    log.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    logs.put(logKey(run, Integer.toString(attempt), path), log);
  }

  private void api(Router router) {
    sessions.mount(router);
    router.get(Routes.STREAM).handler(stream::open);
    router.get(Routes.PIPELINES).handler(c -> page(c, List.copyOf(pipelines.values())));
    router
        .get(Routes.PIPELINES + "/*")
        .handler(c -> pipelineOrHistory(c, tail(c, Routes.PIPELINES)));
    router.get(Routes.LOCKS).handler(c -> page(c, answers.locks));
    router.get(Routes.SOURCES).handler(c -> page(c, sources));
    router
        .get(Routes.SOURCES + "/:name/statuses")
        .handler(c -> found(c, settings.statuses.get(c.pathParam("name"))));
    router.get(Routes.DELIVERIES).handler(c -> page(c, deliveries));
    router
        .get(Routes.DELIVERIES + "/*")
        .handler(c -> found(c, delivery(tail(c, Routes.DELIVERIES))));
    router.get(Routes.SECRETS).handler(c -> admins(c, () -> settings.secrets.values()));
    router.get(Routes.OUTBOX).handler(c -> admins(c, () -> settings.outbox));
    router.get("/api/v1/tokens").handler(c -> admins(c, () -> settings.tokens.values()));
    router.get("/api/v1/audit").handler(c -> admins(c, () -> settings.audit));
    router.delete(Routes.API + "/*").handler(this::remove);
    router.get(Routes.RUNS).handler(this::listRuns);
    router.get(Routes.RUNS + "/*").handler(this::runOrLog);
    router.post(Routes.API + "/*").handler(c -> c.request().body().onSuccess(b -> write(c, b)));
  }

  @Nullable DeliveryView delivery(String id) {
    return deliveries.stream().filter(view -> view.id().equals(id)).findAny().orElse(null);
  }

  private static void testFile(RoutingContext context) {
    String name = context.normalizedPath().substring("/test/".length());
    String type = name.endsWith(".js") ? "text/javascript" : "text/html";
    context
        .response()
        .putHeader("Content-Type", type + "; charset=utf-8")
        .putHeader("Content-Security-Policy", Ui.CONTENT_SECURITY_POLICY)
        .sendFile("dev/pipewright/ui/webtest/" + name);
  }

  private void listRuns(RoutingContext context) {
    String pipeline = context.request().getParam("pipeline");
    List<RunSnapshot> found = new ArrayList<>(runs.values());
    found.removeIf(run -> pipeline != null && !run.pipeline().value().equals(pipeline));
    found.removeIf(run -> !isAskedFor(run, context.request().params()));
    found.sort((a, b) -> b.queuedAt().compareTo(a.queuedAt()));
    int count = Math.min(found.size(), number(context, "limit", 50));
    String next = count < found.size() ? Long.toString(found.get(count - 1).number()) : null;
    List<RunSnapshot> items = found.stream().limit(count).map(RunSnapshot::summary).toList();
    json(context, 200, new Page<>(items, next));
  }

  /** Filters as the real server does, as far as the tests ask for it. */
  private static boolean isAskedFor(RunSnapshot run, MultiMap asked) {
    Outcome outcome = run.outcome();
    String state = asked.get("state");
    String after = asked.get("after");
    boolean broken = outcome != null && outcome.isBroken();
    return (state == null
            || (state.equals("broken") ? broken : state.equalsIgnoreCase("" + outcome)))
        && (after == null || run.number() < Long.parseLong(after))
        && (asked.get("ref") == null || run.ref().endsWith(asked.get("ref")))
        && (asked.get("by") == null || asked.get("by").equals(run.cause().by()));
  }

  private void pipelineOrHistory(RoutingContext context, String rest) {
    if (!rest.endsWith("/tests")) {
      found(context, pipelines.get(rest));
      return;
    }
    String test = context.request().getParam("suite") + "." + context.request().getParam("name");
    found(context, answers.histories.get(test));
  }

  private void runOrLog(RoutingContext context) {
    String rest = tail(context, Routes.RUNS);
    String attempt = context.request().getParam("attempt");
    int cut = rest.indexOf('/');
    if (cut < 0) {
      found(context, runs.get(RunId.parse(rest)));
      return;
    }
    RunId run = RunId.parse(rest.substring(0, cut));
    String what = rest.substring(cut + 1);
    if (what.startsWith("logs/")) {
      log(context, logKey(run, attempt, what.substring("logs/".length())));
    } else if (what.startsWith("times/")) {
      long from = number(context, "from", 0);
      page(context, answers.timesOf(logKey(run, attempt, what.substring("times/".length())), from));
    } else if (what.startsWith("attempts/")) {
      int number = Integer.parseInt(what.substring("attempts/".length()));
      found(context, answers.attempts.get(CannedAnswers.name(run, number)));
    } else if (what.equals("tests")) {
      found(context, answers.testsOf(run, attempt));
    } else {
      found(context, null);
    }
  }

  private static String logKey(RunId run, @Nullable String attempt, String path) {
    return run + (attempt == null ? "" : "." + attempt) + "/" + path;
  }

  private void log(RoutingContext context, String key) {
    Output log = logs.get(key);
    if (log == null) {
      found(context, null);
      return;
    }
    int length = log.size();
    int from = Math.min(length, number(context, "offset", 0));
    if (from == 0 && refusesBeginnings) {
      refusals.incrementAndGet();
      json(context, 503, Problem.of(Problem.Code.UNAVAILABLE, "The store is away.", null));
      return;
    }
    int to = (int) Math.min(length, from + (long) number(context, "limit", length));
    context
        .response()
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("Pipewright-Log-Length", Integer.toString(length))
        .end(Buffer.buffer(log.range(from, to)));
  }

  /** What a step has printed. */
  private static final class Output extends ByteArrayOutputStream {
    synchronized byte[] range(int from, int to) {
      return Arrays.copyOfRange(buf, from, to);
    }
  }

  private static int number(RoutingContext context, String name, int otherwise) {
    String text = context.request().getParam(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  private void write(RoutingContext context, Buffer body) {
    if (!known(context)) {
      return;
    }
    String path = context.normalizedPath();
    try {
      Object answer = answerOf(path, body);
      writes.add(path + " " + body);
      json(context, answer instanceof DeliveryAccepted ? 202 : 200, answer);
    } catch (ApiException e) {
      json(context, e.problem().status(), e.problem());
    }
  }

  private Object answerOf(String path, Buffer body) {
    List<String> names =
        Stream.of(path.substring(Routes.API.length() + 1).split("/"))
            .map(name -> URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    return switch (names.getLast()) {
      case "decisions" -> answers.decide(RunId.parse(names.get(1)), body);
      case "rerun" -> answers.rerun(RunId.parse(names.get(1)), body);
      case "release" -> answers.release(names.get(1));
      case "secrets" -> settings.setSecret(body);
      case "tokens" -> settings.addToken(body);
      case "sources" -> settings.addSource(body);
      case "statuses" -> settings.setStatuses(names.get(1), body);
      case "retry" -> settings.retry(names.get(1));
      case "mending" -> mend(names.get(1), Json.read(body.getBytes(), MendingRequest.class).on());
      case "replay" -> settings.replay(names.get(1));
      default -> new DeliveryAccepted("shop.manual-1", Verdict.BUILD, "by hand", false);
    };
  }

  private PipelineView mend(String name, boolean on) {
    Instant since = InstantSource.system().instant();
    PipelineView mended =
        Samples.mended(
            Objects.requireNonNull(pipelines.get(name)), on ? new Mending("ann", since) : null);
    put(mended);
    return mended;
  }

  private boolean known(RoutingContext context) {
    TokenSelf self = sessions.self(context.request());
    boolean reads = HttpMethod.GET.equals(context.request().method());
    boolean fromPage = context.request().getHeader("Pipewright-Page") != null;
    if (self != null && fromPage && (reads || self.kind() == TokenSelf.Kind.ADMIN)) {
      return true;
    }
    Problem problem =
        self != null
            ? Problem.of(Problem.Code.FORBIDDEN, "This token may not decide.", null)
            : Problem.of(Problem.Code.UNAUTHORIZED, "This token is not known.", null);
    json(context, problem.status(), problem);
    return false;
  }

  private void admins(RoutingContext context, Supplier<Collection<?>> items) {
    if (known(context)) {
      page(context, List.copyOf(items.get()));
    }
  }

  private void remove(RoutingContext context) {
    if (known(context)) {
      String[] names = tail(context, Routes.API).split("/", 2);
      writes.add("DELETE " + names[1]);
      boolean gone =
          switch (names[0]) {
            case "tokens" -> settings.tokens.remove(names[1]) != null;
            case "sources" -> settings.statuses.remove(names[1].replace("/statuses", "")) != null;
            default -> settings.removeSecret(names[1], context.request().getParam("source"));
          };
      context.response().setStatusCode(gone ? 204 : 404).end();
    }
  }

  private static String tail(RoutingContext context, String prefix) {
    String raw = context.request().uri().replaceFirst("\\?.*", "").substring(prefix.length() + 1);
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static void page(RoutingContext context, List<?> items) {
    json(context, 200, new Page<>(items, null));
  }

  private static void found(RoutingContext context, @Nullable Object it) {
    json(
        context,
        it == null ? 404 : 200,
        it == null ? Problem.of(Problem.Code.NOT_FOUND, "There is no such thing.", null) : it);
  }

  private static void json(RoutingContext context, int status, Object body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(Json.bytes(body)));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
