package dev.pipewright.engine;

import dev.pipewright.engine.cache.ServerCaches;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.Selection;
import dev.pipewright.engine.execute.Surroundings;
import dev.pipewright.engine.git.FetchedCommit;
import dev.pipewright.engine.git.GitRepositories;
import dev.pipewright.engine.git.Remote;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.report.Delivery;
import dev.pipewright.engine.report.HttpReporter;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.secret.ServerSecrets;
import dev.pipewright.engine.side.ServerSides;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.step.MachineCommands;
import dev.pipewright.engine.step.Outputs;
import dev.pipewright.engine.tests.ServerReports;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.engine.time.RealTime;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.MachineWork;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** One launch of one run for a server: fetches the assignment, does it, reports it. */
final class ServerRun {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final EngineConfig config;
  private final EngineClient client;
  private final Outage outage;
  private final InstantSource clock;
  private final ExecutorService pumps;
  private final Cancellation abort = Cancellation.root();
  private final Cancellation cancellation = abort.child();

  ServerRun(EngineConfig config, Outage outage, InstantSource clock, ExecutorService pumps) {
    this.config = config;
    this.client =
        new EngineClient(new HttpTransport(config.server(), config.token(), TIMEOUT), config.run());
    this.outage = outage;
    this.clock = clock;
    this.pumps = pumps;
  }

  /**
   * Does the run.
   *
   * @return how reporting ended; how the run ended is in its events
   */
  Delivery run() throws InterruptedException, IOException {
    Assignment assignment = outage.call(client::assignment);
    HttpReporter reporter = new HttpReporter(client, assignment.fence(), outage, clock, orders());
    reporter.start();
    execute(assignment, reporter);
    return reporter.finish();
  }

  /** Ends the run as CANCELLED, if it has not ended; {@code ensure} steps still run. */
  void cancel(String reason) {
    cancellation.cancel(reason);
  }

  /** Ends everything at once. */
  void abort(String reason) {
    abort.cancel(reason);
  }

  private HttpReporter.Orders orders() {
    return new HttpReporter.Orders() {
      @Override
      public void cancel(String reason) {
        cancellation.cancel(reason);
      }

      @Override
      public void stop(String reason) {
        abort.cancel(reason);
      }
    };
  }

  private void execute(Assignment assignment, HttpReporter reporter) throws InterruptedException {
    @Nullable Path bundle = null;
    try {
      Files.createDirectories(config.workspace());
      bundle = download(assignment.bundle());
      if (assignment.seed() != null) {
        Seed.unpack(content(assignment.seed()), config.workspace());
      }
      try (PipelineCode code = PipelineCode.open(List.of(bundle))) {
        PipelineRun.run(
            code.plan(assignment.plan().definition()),
            Opening.first(PipelineRun.VERSION),
            context(assignment, reporter),
            cancellation);
      }
    } catch (DefinitionException | IOException e) {
      reporter.event(new RunEvent.RunStarted(PipelineRun.VERSION));
      reporter.event(
          new RunEvent.RunFinished(Outcome.ERRORED, "Could not begin the run: " + e.getMessage()));
    } finally {
      delete(bundle);
    }
  }

  private RunContext context(Assignment assignment, HttpReporter reporter) {
    String server = config.server().toString();
    String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    Remote remote =
        new Remote(base + assignment.checkoutPath(), assignment.commit(), config.token());
    Facts facts =
        new Facts(
            assignment.run().pipeline().value(),
            assignment.run().number(),
            assignment.commit().value(),
            assignment.ref(),
            assignment.source().value(),
            assignment.parameters(),
            new Outputs());
    Activity activity = new Activity();
    EngineTime time = new RealTime(clock);
    return new RunContext(
        facts,
        new MachineCommands(config.workspace(), config.processes(), pumps),
        new MachineWork(new FetchedCommit(remote)),
        new GitRepositories(),
        reporter,
        Selection.ALL,
        abort,
        time,
        activity,
        new Waits(activity, time, reporter, Duration.ofSeconds(10)),
        History.NONE,
        new Mask(),
        surroundings(assignment.fence(), reporter));
  }

  /** What steps get from the server; the run folder is shared with the containers of steps. */
  private Surroundings surroundings(long fence, HttpReporter reporter) {
    return Surroundings.alone()
        .withSecrets(new ServerSecrets(client, fence, outage, reporter))
        .withCaches(new ServerCaches(client, fence))
        .withSides(new ServerSides(client, fence, outage, config.workspace().resolve("sides")))
        .withReports(new ServerReports(client, outage));
  }

  private Path download(BlobDigest bundle) throws IOException, InterruptedException {
    Path file = Files.createTempFile("pipewright-", ".jar");
    Files.write(file, content(bundle));
    return file;
  }

  private byte[] content(BlobDigest digest) throws IOException, InterruptedException {
    byte[] content = outage.call(() -> client.blob(digest));
    if (!BlobDigest.of(content).equals(digest)) {
      throw new IOException("the server sent other bytes than " + digest + ".");
    }
    return content;
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
