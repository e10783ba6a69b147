package dev.pipewright.state.feed;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Concurrency;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.feed.Feeds.Selection;
import dev.pipewright.state.store.MemoryStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;

/** Pipelines to which things happen, through the use cases that are behind the HTTP API. */
final class FeedStory {
  private static final String MAIN = "refs/heads/main";
  private static final URI ADDRESS = URI.create("https://ci.example");

  final UseCases cases;
  final Feeds feeds;
  private final Queue<Runnable> atTheEnd = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-11-20T12:00:00.987654321Z");
  private int keys;

  FeedStory(Path folder, boolean erroredIsException) throws IOException {
    cases =
        new UseCases(
            StateConfig.of(folder, ADDRESS, "admin-token"),
            new MemoryStorage(folder),
            this::instant);
    cases.sources().register(Samples.source());
    feeds =
        new Feeds(
            cases.pipelines(),
            run -> cases.runs().snapshot(run).steps(),
            new Cctray(ADDRESS, erroredIsException));
    cases.listen(feeds);
  }

  private Instant instant() {
    return now;
  }

  byte[] feed() {
    return feeds.all(Selection.USUAL).bytes();
  }

  private NewRun order(String pipeline, String ref, Plan plan) {
    keys++;
    NewRun usual = Samples.order(pipeline, "key " + keys, ref);
    return Samples.planned(plan, usual);
  }

  private static Plan plan(String pipeline, Concurrency concurrency) {
    Plan usual = Samples.plan(pipeline);
    return new Plan(
        usual.pipeline(),
        usual.definition(),
        usual.triggers(),
        usual.image(),
        usual.steps(),
        concurrency);
  }

  private RunId queued(String pipeline) {
    return queued(pipeline, MAIN);
  }

  private RunId queued(String pipeline, String ref) {
    now = now.plusSeconds(5);
    return cases.runs().create(order(pipeline, ref, Samples.plan(pipeline))).run().id();
  }

  private LaunchOrder claimed(RunId run) {
    LaunchOrder launch = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    if (!launch.run().equals(run)) {
      throw new IllegalStateException("%s stood in the queue before %s.".formatted(launch, run));
    }
    return launch;
  }

  private LaunchOrder running(RunId run) {
    LaunchOrder launch = claimed(run);
    cases.queue().launched(run, new LaunchReport(launch.fence(), "unit", null));
    now = now.plusSeconds(1);
    boolean goesOn = cases.runs().snapshot(run).startedAt() != null;
    tell(
        launch,
        1,
        goesOn
            ? new RunEvent.RunResumed("1")
            : new RunEvent.RunStarted("1", launch.attempt(), null, null));
    return launch;
  }

  private void tell(LaunchOrder launch, long seq, RunEvent event) {
    Object unused =
        cases
            .reports()
            .report(
                launch.run(),
                new EventBatch(launch.fence(), List.of(new EventEnvelope(seq, now, event))));
  }

  private void finished(RunId run, Outcome outcome) {
    LaunchOrder launch = running(run);
    now = now.plusSeconds(60);
    tell(launch, 2, new RunEvent.RunFinished(outcome, null));
    gone(launch, LaunchEnd.Kind.EXITED);
  }

  private void gone(LaunchOrder launch, LaunchEnd.Kind kind) {
    now = now.plusSeconds(1);
    cases.queue().ended(launch.run(), new LaunchEnd(launch.fence(), kind, null, "It is gone."));
  }

  private void again(String pipeline) {
    now = now.plusSeconds(5);
    Object unused = cases.runs().rerun(first(pipeline), new RerunRequest(null, "flaky"), "ann");
  }

  private static RunId first(String pipeline) {
    return new RunId(new PipelineName(pipeline), 1);
  }

  private void cancel(RunId run) {
    Object unused = cases.runs().cancel(run, "ann", "not wanted");
  }

  /** Gives a pipeline its result. */
  void had(String pipeline, Outcome outcome) {
    had(pipeline, MAIN, outcome);
  }

  /** The same on another ref. */
  void had(String pipeline, String ref, Outcome outcome) {
    finished(queued(pipeline, ref), outcome);
  }

  /** Gives a pipeline a result, and its stage one. */
  void hadStage(String pipeline, Outcome stage, Outcome outcome) {
    LaunchOrder launch = running(queued(pipeline));
    RunEvent ended = new RunEvent.StepFinished(Samples.VERIFY, stage, null, Map.of(), List.of());
    tell(launch, 2, new RunEvent.StepStarted(Samples.VERIFY, 1));
    tell(launch, 3, ended);
    tell(launch, 4, new RunEvent.RunFinished(outcome, null));
    gone(launch, LaunchEnd.Kind.EXITED);
  }

  /** Lets a run come to its stage. */
  void letStageRun(String pipeline) {
    tell(running(queued(pipeline)), 2, new RunEvent.StepStarted(Samples.LINT, 1));
  }

  void useDefaultBranch(String branch) {
    SourceSpec usual = Samples.source();
    cases.sources().register(new SourceSpec(usual.name(), usual.url(), null, null, null, branch));
  }

  /** Lets this happen to a pipeline; what leaves a run in the queue waits for {@link #end}. */
  void let(Happening happening, String pipeline) {
    switch (happening) {
      case NOTHING -> {}
      case SUCCEEDED -> finished(queued(pipeline), Outcome.SUCCEEDED);
      case SKIPPED -> finished(queued(pipeline), Outcome.SKIPPED);
      case FAILED -> finished(queued(pipeline), Outcome.FAILED);
      case TIMED_OUT -> gone(running(queued(pipeline)), LaunchEnd.Kind.LIMIT);
      case OUT_OF_MEMORY -> gone(running(queued(pipeline)), LaunchEnd.Kind.OOM);
      case LOST -> lost(queued(pipeline));
      case CANCELLED_IN_THE_QUEUE -> cancel(queued(pipeline));
      case CANCELLED_AT_WORK -> cancelledAtWork(queued(pipeline));
      case KILLED_AFTER_A_CANCEL -> killedAfterACancel(queued(pipeline));
      case WAITING_FOR_A_PERSON -> waiting(queued(pipeline));
      case REJECTED_WHILE_HELD -> rejected(held(pipeline));
      case HELD -> Objects.requireNonNull(held(pipeline));
      case FAILED_ON_ANOTHER_BRANCH -> finished(queued(pipeline, "refs/heads/x"), Outcome.FAILED);
      case RUNNING_ON_ANOTHER_BRANCH -> keep(running(queued(pipeline, "refs/heads/x")));
      case CLAIMED -> keep(claimed(queued(pipeline)));
      case RUNNING -> keep(running(queued(pipeline)));
      default -> letQueued(happening, pipeline);
    }
  }

  private void letQueued(Happening happening, String pipeline) {
    switch (happening) {
      case RERUN_SUCCEEDED -> rerunFinished(pipeline, Outcome.SUCCEEDED);
      case RERUN_FAILED -> rerunFinished(pipeline, Outcome.FAILED);
      case RERUN_CANCELLED -> rerunFinished(pipeline, Outcome.CANCELLED);
      case RERUN_RUNNING -> {
        again(pipeline);
        keep(running(first(pipeline)));
      }
      case RERUN_QUEUED -> atTheEnd.add(() -> again(pipeline));
      case LOST_ONCE -> {
        LaunchOrder launch = running(queued(pipeline));
        atTheEnd.add(() -> gone(launch, LaunchEnd.Kind.LOST));
      }
      case SUPERSEDED -> atTheEnd.add(() -> superseded(pipeline));
      default -> atTheEnd.add(() -> queued(pipeline));
    }
  }

  /** Lets happen what was to wait. */
  void end() {
    while (!atTheEnd.isEmpty()) {
      atTheEnd.remove().run();
    }
    now = now.plusSeconds(1);
  }

  private static void keep(LaunchOrder launch) {
    Objects.requireNonNull(launch);
  }

  private void lost(RunId run) {
    for (int i = 0; i < 3; i++) {
      gone(running(run), LaunchEnd.Kind.LOST);
    }
  }

  private void cancelledAtWork(RunId run) {
    LaunchOrder launch = running(run);
    cancel(run);
    tell(launch, 2, new RunEvent.RunFinished(Outcome.CANCELLED, null));
    gone(launch, LaunchEnd.Kind.EXITED);
  }

  private void killedAfterACancel(RunId run) {
    LaunchOrder launch = running(run);
    cancel(run);
    gone(launch, LaunchEnd.Kind.EXITED);
    if (cases.queue().length() > 0) {
      gone(claimed(run), LaunchEnd.Kind.EXITED);
    }
  }

  private void waiting(RunId run) {
    LaunchOrder launch = running(run);
    StepPath step = Samples.DEPLOY;
    Wait wait = new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(), null);
    tell(launch, 2, new RunEvent.StepWaiting(step.value(), step, wait));
    tell(launch, 3, new RunEvent.RunWaiting("Ship it?"));
    gone(launch, LaunchEnd.Kind.EXITED);
  }

  private RunId held(String pipeline) {
    now = now.plusSeconds(5);
    Origin foreign = new Origin(Trust.FOREIGN, 7L, MAIN, null, null);
    return cases
        .runs()
        .create(order(pipeline, MAIN, Samples.plan(pipeline)).with(foreign))
        .run()
        .id();
  }

  private void rejected(RunId run) {
    cases.services().approvals().decide(run, new Decision(null, false, "no", Map.of()), "ann");
  }

  private void rerunFinished(String pipeline, Outcome outcome) {
    again(pipeline);
    finished(first(pipeline), outcome);
  }

  private void superseded(String pipeline) {
    now = now.plusSeconds(5);
    Concurrency newestOnly = new Concurrency(null, Concurrency.Superseded.CANCELLED);
    for (int i = 0; i < 2; i++) {
      Object unused = cases.runs().create(order(pipeline, MAIN, plan(pipeline, newestOnly)));
    }
  }
}
