package dev.pipewright.builder.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The routes of the State-Controller that a Builder uses, over real HTTP, kept in memory. */
public final class StateInMemory implements AutoCloseable {
  private static final Instant WHEN = Instant.parse("2026-01-01T00:00:00Z");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<SourceName, SourceView> sources = new ConcurrentHashMap<>();
  private final Map<String, TokenSelf> tokens = new ConcurrentHashMap<>();
  private final Map<String, RunSnapshot> runs = new ConcurrentHashMap<>();
  private final Map<String, RunSnapshot> runsByKey = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, PipelineVersion> versions = new ConcurrentHashMap<>();
  private final BlockingQueue<VersionWork> wanted = new LinkedBlockingQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final Map<String, CompletableFuture<VersionAnswer>> answers = new ConcurrentHashMap<>();
  private volatile @Nullable Execution execution = new Execution(Outcome.SUCCEEDED, "", List.of());
  private volatile @Nullable Engine engine;

  /** How a run ends that nobody really executes. */
  public record Execution(Outcome outcome, String reason, List<StepSnapshot> steps) {}

  /** Executes a run; what an engine would do. */
  public interface Engine {
    Execution execute(NewRun run, StateInMemory state) throws IOException, InterruptedException;
  }

  public StateInMemory() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Registers a repository. */
  public SourceView source(SourceName name, String url) {
    SourceView view =
        new SourceView(
            name, url, "plain-git", ".pipewright", null, false, WHEN, ForeignPolicy.HOLD);
    sources.put(name, view);
    return view;
  }

  /** A run of this source at this commit exists; its token is returned. */
  public String runToken(SourceName source, CommitId commit) {
    RunId id = new RunId(new PipelineName(source.value()), runs.size() + 1L);
    runs.put(id.toString(), snapshot(id, source, commit, null));
    String token = "run-token-" + id.number();
    tokens.put(token, new TokenSelf(TokenSelf.Kind.RUN, id.toString(), id, source));
    return token;
  }

  /** Says how runs are executed from now on. */
  public void engine(Engine chosen) {
    engine = chosen;
  }

  /** Says how runs end from now on, without executing them. */
  public void runsEnd(Execution chosen) {
    engine = null;
    execution = chosen;
  }

  /** From now on, runs are made and do not end. */
  public void runsStay() {
    engine = null;
    execution = null;
  }

  /** Ends all runs. */
  public void endRuns(Execution how) {
    runs.replaceAll((id, run) -> snapshot(run.id(), run.source(), run.commit(), how));
    runsByKey.replaceAll((key, run) -> runs.get(run.id().toString()));
  }

  /** How many runs were made. */
  public int runCount() {
    return runsByKey.size();
  }

  /** Stores a blob. */
  public BlobDigest store(byte[] content) {
    BlobDigest digest = BlobDigest.of(content);
    blobs.put(digest.value(), content);
    return digest;
  }

  /** The content of a blob. */
  public byte[] blob(BlobDigest digest) {
    return Optional.ofNullable(blobs.get(digest.value())).orElseThrow();
  }

  /** Asks a Builder for the version of a commit and waits for its answer. */
  public VersionAnswer resolve(SourceView source, @Nullable String ref, @Nullable CommitId commit)
      throws Exception {
    return resolve(source, ref, commit, false);
  }

  /** The same for a commit whose pipeline code is not to be looked at. */
  public VersionAnswer resolveCommit(
      SourceView source, @Nullable String ref, @Nullable CommitId commit) throws Exception {
    return resolve(source, ref, commit, true);
  }

  private VersionAnswer resolve(
      SourceView source, @Nullable String ref, @Nullable CommitId commit, boolean commitOnly)
      throws Exception {
    String id = "request-" + requests.incrementAndGet();
    CompletableFuture<VersionAnswer> answer = new CompletableFuture<>();
    answers.put(id, answer);
    wanted.add(new VersionWork(id, source, ref, commit, "somebody", commitOnly, 1, null));
    return answer.get(60, TimeUnit.SECONDS);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      Object answer;
      try {
        answer = route(exchange, path, body);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        answer = problem(Problem.Code.UNAVAILABLE);
      }
      byte[] bytes = answer instanceof byte[] raw ? raw : Json.bytes(answer);
      int status =
          answer instanceof Problem problem ? problem.status() : bytes.length == 0 ? 204 : 200;
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Object route(HttpExchange exchange, String path, byte[] body)
      throws IOException, InterruptedException {
    if (path.equals(Routes.TOKEN_SELF)) {
      String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      return orProblem(tokens.get(header.replace("Bearer ", "")), Problem.Code.UNAUTHORIZED);
    }
    if (path.startsWith(Routes.SOURCES + "/")) {
      SourceView view = sources.get(new SourceName(path.split("/", -1)[4]));
      return view == null ? problem(Problem.Code.NOT_FOUND) : new SourceWithSecret(view, null);
    }
    if (path.equals(Routes.RUNS)) {
      return create(Json.read(body, NewRun.class));
    }
    if (path.startsWith(Routes.RUNS + "/")) {
      String id = path.substring(Routes.RUNS.length() + 1);
      return orProblem(
          runs.get(URLDecoder.decode(id, StandardCharsets.UTF_8)), Problem.Code.NOT_FOUND);
    }
    if (path.startsWith(Routes.BLOBS + "/")) {
      if (exchange.getRequestMethod().equals("PUT")) {
        store(body);
        return new byte[0];
      }
      return orProblem(
          blobs.get(path.substring(Routes.BLOBS.length() + 1)), Problem.Code.NOT_FOUND);
    }
    return versionRoute(path, body);
  }

  private Object versionRoute(String path, byte[] body) throws InterruptedException {
    if (path.equals(Routes.VERSIONS_CLAIM)) {
      @Nullable VersionWork work = wanted.poll(200, TimeUnit.MILLISECONDS);
      return work == null ? new byte[0] : work;
    }
    if (path.equals(Routes.VERSIONS_RESOLVED)) {
      VersionResolved resolved = Json.read(body, VersionResolved.class);
      Optional.ofNullable(answers.get(resolved.id())).orElseThrow().complete(resolved.answer());
      return new byte[0];
    }
    if (path.equals(Routes.VERSIONS)) {
      PipelineVersion version = Json.read(body, PipelineVersion.class);
      versions.put(version.key(), version);
      return new byte[0];
    }
    if (path.startsWith(Routes.VERSIONS + "/")) {
      @Nullable PipelineVersion known = versions.get(path.substring(Routes.VERSIONS.length() + 1));
      return known == null ? new byte[0] : known;
    }
    if (path.endsWith("/claim")) {
      TimeUnit.MILLISECONDS.sleep(200);
      return new byte[0];
    }
    return problem(Problem.Code.NOT_FOUND);
  }

  private synchronized RunSnapshot create(NewRun wantedRun)
      throws IOException, InterruptedException {
    @Nullable RunSnapshot known = runsByKey.get(wantedRun.key());
    if (known != null) {
      return known;
    }
    RunId id = new RunId(wantedRun.plan().pipeline(), runsByKey.size() + 1L);
    @Nullable Engine chosen = engine;
    Execution done = chosen == null ? execution : chosen.execute(wantedRun, this);
    RunSnapshot run = snapshot(id, wantedRun.source(), wantedRun.commit(), done);
    runsByKey.put(wantedRun.key(), run);
    runs.put(id.toString(), run);
    return run.outcome() == Outcome.ERRORED ? snapshot(id, run.source(), run.commit(), null) : run;
  }

  private static RunSnapshot snapshot(
      RunId id, SourceName source, CommitId commit, @Nullable Execution done) {
    return new RunSnapshot(
        id,
        id.pipeline(),
        id.number(),
        1,
        done == null ? Phase.RUNNING : Phase.FINISHED,
        done == null ? null : done.outcome(),
        done == null ? null : done.reason(),
        source,
        "refs/heads/main",
        commit,
        new Cause("push", null, null, null),
        WHEN,
        WHEN,
        done == null ? null : WHEN,
        null,
        BlobDigest.of(new byte[0]),
        null,
        1,
        done == null ? new ArrayList<>() : done.steps(),
        null,
        List.of(),
        List.of(),
        Origin.TRUSTED,
        null);
  }

  private static Object orProblem(@Nullable Object value, Problem.Code code) {
    return value == null ? problem(code) : value;
  }

  private static Problem problem(Problem.Code code) {
    return Problem.of(code, "No.", null);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
