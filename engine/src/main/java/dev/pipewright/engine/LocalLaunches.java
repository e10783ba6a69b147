package dev.pipewright.engine;

import dev.pipewright.engine.cache.LocalCaches;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.Surroundings;
import dev.pipewright.engine.git.GitRepositories;
import dev.pipewright.engine.git.WorkingTree;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.local.LocalAnswers;
import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.local.LocalClaim;
import dev.pipewright.engine.local.LocalDownstreams;
import dev.pipewright.engine.local.LocalFolder;
import dev.pipewright.engine.local.LocalLocks;
import dev.pipewright.engine.local.LocalMark;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.report.LocalReporter;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.engine.secret.KnownSecrets;
import dev.pipewright.engine.side.NoSides;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.step.MachineCommands;
import dev.pipewright.engine.step.Outputs;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.engine.time.RealTime;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.MachineWork;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The launches of one local run in one process: as on a server, a launch ends when nothing is left
 * to do but to wait, and another one goes on once there is an answer. Locks and answers stay
 * meanwhile. Confined to one thread.
 */
final class LocalLaunches {
  private final LocalRun run;
  private final LocalFolder place;
  private final RunListener listener;
  private final LocalAsk people;
  private final Cancellation cancellation;
  private final InstantSource clock = InstantSource.system();
  private final LocalAnswers answers = new LocalAnswers();

  LocalLaunches(
      LocalRun run,
      LocalFolder place,
      RunListener listener,
      LocalAsk people,
      Cancellation cancellation) {
    this.run = run;
    this.place = place;
    this.listener = listener;
    this.people = people;
    this.cancellation = cancellation;
  }

  /** Runs it; nobody else works on it meanwhile. */
  LocalRun.Result run(Opening first) throws IOException {
    try (LocalClaim claim = place.claim()) {
      if (place.history().attempt() > 0) {
        claim.endLeftovers(id().toString(), run.request().workspace().toRealPath());
      }
      return claimed(first);
    }
  }

  private LocalRun.Result claimed(Opening first) throws IOException {
    ExecutorService pumps =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("pump-", 0).factory());
    listener.known(LocalReporter.events(place.folder()));
    LocalDownstreams downstreams =
        new LocalDownstreams(place.folder(), new Trees(), answers, clock);
    Path lockFolder = run.request().stateFolder().resolveSibling("locks");
    String owner = "%s of process %d".formatted(id(), ProcessHandle.current().pid());
    try (LocalReporter reporter = new LocalReporter(place.folder(), clock, listener);
        LocalLocks locks = new LocalLocks(lockFolder, owner, answers, clock)) {
      Surroundings surroundings = surroundings(locks, downstreams);
      Opening opening = first;
      while (true) {
        PipelineRun.End end = launch(opening, reporter, surroundings, pumps);
        switch (end) {
          case PipelineRun.Finished(var ending) -> {
            awaitDownstreams(downstreams);
            return result(ending.outcome(), ending.reason(), reporter, List.of());
          }
          case PipelineRun.Waiting(var waits) -> {
            List<OpenWait> open = open(waits);
            if (!isAnswered(open)) {
              return result(null, null, reporter, open);
            }
          }
        }
        opening = Opening.resumed(PipelineRun.VERSION, place.history());
      }
    } finally {
      pumps.shutdownNow();
    }
  }

  private PipelineRun.End launch(
      Opening opening, LocalReporter reporter, Surroundings surroundings, ExecutorService pumps)
      throws IOException {
    LocalRun.Request request = run.request();
    ProcessConfig processes = EngineConfig.processes(request.environment(), ProcessConfig.GRACE);
    Commands commands = new MachineCommands(request.workspace().toRealPath(), processes, pumps);
    WorkingCopy copy = WorkingCopy.of(commands);
    Facts facts =
        new Facts(
            run.plan().pipeline().value(),
            place.number(),
            copy.commit(),
            copy.ref(),
            "local",
            request.parameters(),
            new Outputs());
    Activity activity = new Activity();
    EngineTime time = new RealTime(clock);
    Waits waits = new Waits(activity, time, reporter, Duration.ZERO);
    answers.tell(waits::answered);
    try (Cancellation abort = Cancellation.root()) {
      RunContext context =
          new RunContext(
              facts,
              commands,
              new MachineWork(new WorkingTree()),
              new GitRepositories(),
              reporter,
              run.selection(),
              abort,
              time,
              activity,
              waits,
              History.NONE,
              new Mask(),
              surroundings);
      return PipelineRun.run(run.planned(), opening, context, cancellation);
    } finally {
      answers.tell(_ -> {});
    }
  }

  private Surroundings surroundings(LocalLocks locks, LocalDownstreams downstreams) {
    return new Surroundings(
        new KnownSecrets(
            run.request().secrets(),
            "Give it in a file with --secrets, or as PIPEWRIGHT_SECRET_<NAME>."),
        locks,
        downstreams,
        new LocalCaches(
            run.request().stateFolder().resolveSibling("caches"),
            run.plan().pipeline().value(),
            clock),
        new NoSides("A local run has no containers. Run it on a server, or without this step."),
        this::keep);
  }

  private BlobDigest keep(byte[] report) throws IOException {
    BlobDigest digest = BlobDigest.of(report);
    Path reports = Files.createDirectories(place.folder().resolve("reports"));
    Files.write(reports.resolve(digest.hex() + ".json"), report);
    return digest;
  }

  private static List<OpenWait> open(List<Waits.Request> waits) {
    List<OpenWait> open = new ArrayList<>();
    for (Waits.Request wait : waits) {
      open.add(
          new OpenWait(wait.key(), wait.path(), wait.what(), InstantSource.system().instant()));
    }
    return open;
  }

  /** Asks people first; without an answer of theirs, waits for what comes by itself. */
  private boolean isAnswered(List<OpenWait> open) {
    List<OpenWait> forPeople = open.stream().filter(wait -> wait.what().isForPeople()).toList();
    List<Answer> said = forPeople.isEmpty() ? List.of() : people.answer(forPeople);
    said.forEach(answers::give);
    if (!said.isEmpty() || cancellation.isCancelled()) {
      return true;
    }
    Set<String> others =
        open.stream()
            .filter(wait -> !wait.what().isForPeople())
            .map(OpenWait::key)
            .collect(Collectors.toSet());
    try {
      return answers.await(others, cancellation) || cancellation.isCancelled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void awaitDownstreams(LocalDownstreams downstreams) {
    try {
      downstreams.awaitAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private LocalRun.Result result(
      @Nullable Outcome outcome,
      @Nullable String reason,
      LocalReporter reporter,
      List<OpenWait> waits) {
    return new LocalRun.Result(
        id(), outcome, reason, run.plan(), reporter.finished(), place.folder(), waits);
  }

  private RunId id() {
    return new RunId(run.plan().pipeline(), place.number());
  }

  /** Runs other pipelines of the tree in this process. */
  private final class Trees implements LocalDownstreams.Runner {
    @Override
    public LocalFolder place(String pipeline, Map<String, String> parameters) throws IOException {
      LocalRun.Request own = run.request();
      LocalRun.Request other =
          new LocalRun.Request(
              own.classPath(),
              pipeline,
              null,
              own.workspace(),
              own.stateFolder(),
              parameters,
              own.environment(),
              own.secrets());
      try (LocalRun opened = LocalRun.open(other)) {
        Set<String> missing = opened.missingSecrets();
        if (!missing.isEmpty()) {
          throw new IOException("it needs secrets that are not known: " + missing);
        }
        return opened.place();
      } catch (LocalRun.UnknownNameException e) {
        throw new IOException(
            e.getMessage() + " Runs of other repositories are started by a server.", e);
      }
    }

    @Override
    public @Nullable Outcome run(LocalFolder other) throws IOException {
      History known = other.history();
      if (known.over() != null) {
        return known.over().outcome();
      }
      LocalMark mark = other.mark();
      if (mark == null) {
        throw new IOException("nothing is known of it");
      }
      try (LocalRun opened = LocalRun.open(run.request(), mark)) {
        return opened.resume(other, new Quiet(), LocalAsk.NOBODY, cancellation).outcome();
      }
    }
  }

  /** Nobody watches a run that another one started; its folder tells. */
  private static final class Quiet implements RunListener {
    @Override
    public void event(EventEnvelope event) {}

    @Override
    public void output(StepPath step, byte[] bytes) {}
  }
}
