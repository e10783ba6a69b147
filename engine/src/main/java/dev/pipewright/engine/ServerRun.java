package dev.pipewright.engine;

import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.Selection;
import dev.pipewright.engine.git.FetchedCommit;
import dev.pipewright.engine.git.GitRepositories;
import dev.pipewright.engine.git.Remote;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.RefusedException;
import dev.pipewright.engine.load.Bundle;
import dev.pipewright.engine.load.PipelineCode;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.report.Delivery;
import dev.pipewright.engine.report.HttpReporter;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.report.ServerCalls;
import dev.pipewright.engine.server.Journal;
import dev.pipewright.engine.server.RunFolder;
import dev.pipewright.engine.server.ServerServices;
import dev.pipewright.engine.server.ServerStart;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.step.MachineCommands;
import dev.pipewright.engine.step.Outputs;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.engine.time.RealTime;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.MachineWork;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One launch of one run for a server: fetches the assignment, finds out where to begin, does what
 * is left, reports it.
 */
final class ServerRun {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** How long the server may take to say that a wait is over before the engine does. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EngineConfig config;
  private final RunFolder folder;
  private final EngineClient client;
  private final Outage outage;
  private final InstantSource clock;
  private final ExecutorService pumps;
  private final Cancellation abort = Cancellation.root();
  private final Cancellation cancellation = abort.child();
  private volatile @Nullable HttpReporter reporting;
  private volatile boolean suspended;

  ServerRun(EngineConfig config, Outage outage, InstantSource clock, ExecutorService pumps) {
    this.config = config;
    this.folder = new RunFolder(config.folder());
    this.client =
        new EngineClient(new HttpTransport(config.server(), config.token(), TIMEOUT), config.run());
    this.outage = outage;
    this.clock = clock;
    this.pumps = pumps;
  }

  /** What all of one launch shares. */
  private record Launch(
      Assignment assignment,
      List<EventEnvelope> stored,
      Journal journal,
      HttpReporter reporter,
      Waits waits,
      EngineTime time,
      Activity activity) {}

  /**
   * Does the run.
   *
   * @return how the launch ended; how the run ended is in its events
   */
  Delivery run() throws InterruptedException, IOException {
    Assignment assignment = outage.call(client::assignment);
    List<EventEnvelope> stored = assignment.resumed() ? outage.call(client::history) : List.of();
    Files.createDirectories(folder.root());
    try (Journal journal = Journal.open(folder.journal(), assignment.fence())) {
      HttpReporter reporter =
          new HttpReporter(
              client,
              assignment.fence(),
              outage,
              clock,
              event -> write(event, journal),
              folder.spill());
      EngineTime time = new RealTime(clock);
      Activity activity = new Activity();
      Waits waits = new Waits(activity, time, reporter, PATIENCE);
      waits.answered(assignment.answers());
      reporting = reporter;
      reporter.start(orders(waits));
      boolean waiting =
          execute(new Launch(assignment, stored, journal, reporter, waits, time, activity));
      return delivery(reporter.finish(), waiting);
    }
  }

  private Delivery delivery(Delivery reported, boolean waiting) {
    if (reported != Delivery.COMPLETE) {
      return reported;
    }
    return suspended ? Delivery.SUSPENDED : waiting ? Delivery.WAITING : Delivery.COMPLETE;
  }

  /** A disk that is full takes away what the journal is good for, but not the run. */
  private static void write(EventEnvelope event, Journal journal) {
    try {
      journal.append(event);
    } catch (IOException e) {
      System.err.println("Could not write to the journal: " + e.getMessage());
    }
  }

  /**
   * The process was told to end. If somebody wants the run cancelled, it is, with its {@code
   * ensure} steps; if not, another engine is to go on with it, so nothing of it ends.
   */
  void terminate() {
    HttpReporter reporter = reporting;
    if (reporter == null) {
      return;
    }
    if (!cancellation.isCancelled()) {
      reporter.beat();
    }
    if (!cancellation.isCancelled()) {
      suspended = true;
      reporter.mute();
      abort.cancel("the engine was told to end");
    }
  }

  /** Ends everything at once. */
  void abort(String reason) {
    abort.cancel(reason);
  }

  private HttpReporter.Orders orders(Waits waits) {
    return new HttpReporter.Orders() {
      @Override
      public void cancel(String reason) {
        cancellation.cancel(reason);
      }

      @Override
      public void stop(String reason) {
        abort.cancel(reason);
      }

      @Override
      public void answered(List<Answer> answers) {
        waits.answered(answers);
      }

      @Override
      public boolean isWaiting() {
        return !waits.open().isEmpty();
      }
    };
  }

  /** Does what is left of the run; true if it was left waiting. */
  private boolean execute(Launch launch) throws InterruptedException {
    @Nullable Path bundle = null;
    try {
      bundle = download(launch.assignment().bundle());
      try (Bundle unpacked = Bundle.open(bundle);
          PipelineCode code = PipelineCode.open(unpacked.classPath())) {
        Planned planned = code.plan(launch.assignment().plan().definition());
        return walk(planned, launch) instanceof PipelineRun.Waiting;
      }
    } catch (DefinitionException | RefusedException | IOException e) {
      refuse(launch, "Could not begin the run: " + e.getMessage());
      return false;
    } finally {
      delete(bundle);
    }
  }

  private PipelineRun.End walk(Planned planned, Launch launch)
      throws RefusedException, IOException, InterruptedException {
    Assignment assignment = launch.assignment();
    ServerStart.Site site = new ServerStart.Site(folder, launch.journal(), launch.time().now());
    ServerStart start =
        ServerStart.of(assignment, planned, launch.stored(), site, PipelineRun.VERSION);
    ServerServices services = services(launch);
    if (start.isFresh()) {
      launch.journal().restart();
      prepare(start, assignment, services);
    }
    if (start.opening().isContinued()) {
      assignment.logEnds().forEach(launch.reporter()::goOn);
    }
    start.adopted().forEach(launch.reporter()::adopt);
    return PipelineRun.run(planned, start.opening(), context(launch, services), cancellation);
  }

  /** Makes the workspace a run begins in. */
  private void prepare(ServerStart start, Assignment assignment, ServerServices services)
      throws IOException, InterruptedException {
    folder.clear();
    if (assignment.seed() != null) {
      Seed.unpack(content(assignment.seed()), folder.work());
    }
    for (Artifact artifact : start.restored()) {
      Path file = folder.work().resolve(artifact.path()).normalize();
      if (!file.startsWith(folder.work())) {
        throw new IOException("'" + artifact.path() + "' lies outside the workspace.");
      }
      Files.createDirectories(file.getParent());
      services.download(artifact.digest(), file);
    }
    folder.mark(assignment.run());
  }

  private void refuse(Launch launch, String reason) {
    Assignment assignment = launch.assignment();
    boolean continued = History.of(launch.stored()).attempt() == assignment.attempt();
    launch
        .reporter()
        .event(
            continued
                ? new RunEvent.RunResumed(PipelineRun.VERSION)
                : new RunEvent.RunStarted(
                    PipelineRun.VERSION,
                    assignment.attempt(),
                    assignment.from(),
                    assignment.reason()));
    launch.reporter().event(new RunEvent.RunFinished(Outcome.ERRORED, reason));
  }

  private ServerServices services(Launch launch) {
    HttpReporter reporter = launch.reporter();
    return new ServerServices(
        client,
        launch.assignment().fence(),
        outage,
        new ServerCalls(outage, reporter::giveUp),
        reporter,
        folder.sides());
  }

  private RunContext context(Launch launch, ServerServices services) {
    Assignment assignment = launch.assignment();
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
    return new RunContext(
        facts,
        new MachineCommands(folder.work(), config.processes(), pumps),
        new MachineWork(FetchedCommit.of(remote, outage.limit())),
        new GitRepositories(),
        launch.reporter(),
        Selection.ALL,
        abort,
        launch.time(),
        launch.activity(),
        launch.waits(),
        History.NONE,
        new Mask(),
        services.surroundings());
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
