package dev.pipewright.e2e;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.spawner.inbox.Inbox;
import dev.pipewright.state.KeepRule;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.http.StateController;
import dev.pipewright.state.mongo.MongoStorage;
import dev.pipewright.state.store.Storage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own for {@link BacklogIT}: {@code fill} stores deliveries and dies, {@code
 * drain} plans them with a State-Controller, a Spawner's inbox and a Builder that answers at once.
 */
final class Backlog {
  private static final int SOURCES = 8;
  private static final int WRITERS = SOURCES;
  private static final int ANSWERERS = 4;
  private static final String TOKEN = "the-token-of-the-services";
  private static final InstantSource CLOCK = InstantSource.system();

  private final Path folder;
  private final int each;

  private Backlog(Path folder, int count) {
    this.folder = folder;
    this.each = count / SOURCES;
  }

  public static void main(String[] args) throws Exception {
    Backlog backlog = new Backlog(Path.of(args[1]), Integer.parseInt(args[2]));
    if (args[0].equals("fill")) {
      backlog.fill();
      Runtime.getRuntime().halt(9);
    }
    int exitCode = 1;
    try {
      backlog.drain();
      exitCode = 0;
    } catch (Exception e) {
      e.printStackTrace(System.err);
    }
    // Not by a return: the threads of what was started would go on.
    System.exit(exitCode);
  }

  private static SourceName source(int number) {
    return new SourceName("source" + number);
  }

  private static CommitId commit(int source, int number) {
    return new CommitId("c%07x%032x".formatted(source, number));
  }

  private StateConfig config() {
    URI anywhere = URI.create("http://localhost");
    return new StateConfig(
        folder,
        null,
        anywhere,
        TOKEN + "-admin",
        TOKEN,
        null,
        false,
        false,
        Integer.MAX_VALUE,
        StateConfig.RECONCILE_EVERY,
        KeepRule.USUAL);
  }

  /** The deliveries of all sources in turns, those of one source in their order. */
  private void fill() throws Exception {
    try (Storage storage = MongoStorage.embedded(folder);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      UseCases cases = new UseCases(config(), storage, CLOCK);
      for (int source = 0; source < SOURCES; source++) {
        cases
            .sources()
            .register(
                new SourceSpec(
                    source(source), "https://git.example/x", "plain-git", null, null, "main"));
      }
      for (int number = 0; number < each; number++) {
        int now = number;
        List<Callable<DeliveryAccepted>> stores =
            IntStream.range(0, SOURCES)
                .<Callable<DeliveryAccepted>>mapToObj(
                    source -> () -> cases.deliveries().receive(receipt(source, now)))
                .toList();
        for (Future<DeliveryAccepted> stored : writers.invokeAll(stores)) {
          DeliveryAccepted unused = stored.get();
        }
      }
    }
  }

  private static DeliveryReceipt receipt(int source, int number) {
    return new DeliveryReceipt(
        source(source),
        "delivery-" + number,
        "push",
        Verdict.BUILD,
        "A ref was pushed.",
        List.of(
            new RefChange(
                ChangeKind.PUSH,
                "refs/heads/main",
                commit(source, number),
                "Ada",
                "Commit " + number,
                null)));
  }

  private void drain() throws Exception {
    long start = System.nanoTime();
    Vertx vertx = Vertx.vertx();
    StateController state = StateController.open(config(), CLOCK);
    Router router = Router.router(vertx);
    state.mount(vertx, router);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    URI uri = URI.create("http://127.0.0.1:" + server.actualPort());
    HttpTransport http = new HttpTransport(uri, TOKEN, Duration.ofSeconds(60));
    WorkClient client = new WorkClient(http, "backlog");
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    for (int i = 0; i < ANSWERERS; i++) {
      threads.execute(() -> answer(client));
    }
    threads.execute(new Inbox(client, threads)::run);
    for (int source = 0; source < SOURCES; source++) {
      while (page(http, source, null).items().stream().noneMatch(run -> run.number() >= each)) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    for (int source = 0; source < SOURCES; source++) {
      checkOrder(source, runs(http, source));
    }
    System.out.printf(
        "DRAINED %d in %d ms%n", SOURCES * each, (System.nanoTime() - start) / 1_000_000);
  }

  /** All runs of a source, newest first. */
  private static List<RunSnapshot> runs(HttpTransport http, int source) {
    List<RunSnapshot> all = new ArrayList<>();
    String after = null;
    do {
      Page<RunSnapshot> page = page(http, source, after);
      all.addAll(page.items());
      after = page.next();
    } while (after != null);
    return all;
  }

  private static Page<RunSnapshot> page(HttpTransport http, int source, @Nullable String after) {
    String path = Routes.RUNS + "?limit=200&pipeline=" + source(source);
    return Json.read(
        http.get(after == null ? path : path + "&after=" + after).body(),
        new Json.Generic<Page<RunSnapshot>>() {});
  }

  private void checkOrder(int source, List<RunSnapshot> runs) {
    if (runs.size() != each) {
      throw new IllegalStateException(source(source) + " has " + runs.size() + " runs.");
    }
    for (RunSnapshot run : runs) {
      if (!run.commit().equals(commit(source, (int) run.number() - 1))) {
        throw new IllegalStateException(run.id() + " is of " + run.commit() + ".");
      }
    }
  }

  private static void answer(WorkClient client) {
    while (true) {
      client.claimVersion(Duration.ofSeconds(5)).ifPresent(work -> resolve(client, work));
    }
  }

  private static void resolve(WorkClient client, VersionWork work) {
    Plan plan =
        new Plan(
            new PipelineName(work.source().name().value()),
            "ThePipeline",
            List.of(new TriggerSpec.Push(List.of())),
            null,
            List.of());
    client.versionResolved(
        new VersionResolved(
            work.id(),
            work.fence(),
            new VersionAnswer(
                VersionAnswer.State.READY,
                null,
                work.ref(),
                work.commit(),
                "key",
                BlobDigest.of(new byte[] {1}),
                List.of(plan),
                "Ada",
                "A commit")));
  }
}
