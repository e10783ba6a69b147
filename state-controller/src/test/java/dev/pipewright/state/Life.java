package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.store.MemoryStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The use cases on a clock and a storage that tests hold, with short words for a run's life. */
final class Life {
  static final StepPath BUILD = new StepPath("build");
  static final StepPath SHIP = new StepPath("ship");

  final MemoryStorage storage;
  private final Path folder;
  UseCases cases;
  private volatile Instant now = Samples.NOON;
  private @Nullable LaunchOrder launch;
  private long seq;

  Life(Path folder) throws IOException {
    this.folder = folder;
    this.storage = new MemoryStorage(folder);
    this.cases = open();
    cases.sources().register(Samples.source());
  }

  private UseCases open() throws IOException {
    return new UseCases(
        StateConfig.of(folder, URI.create("http://ci.example"), "admin-token"), storage, this::now);
  }

  Instant now() {
    return now;
  }

  private LaunchOrder launch() {
    return Objects.requireNonNull(launch, "Nothing was claimed yet.");
  }

  void restart() throws IOException {
    cases = open();
  }

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  RunId create(List<PlanStep> steps) {
    return cases.runs().create(ordered("key", steps)).run().id();
  }

  static NewRun ordered(String key, List<PlanStep> steps) {
    NewRun usual = Samples.order("shop", key);
    Plan plan =
        new Plan(usual.plan().pipeline(), "ShopPipeline", List.of(), null, List.copyOf(steps));
    return Samples.planned(plan, usual);
  }

  /** A run that waits for a person at {@code ship}; its engine is gone. */
  RunId waiting(RunEvent ask) {
    RunId run = create(List.of(leaf("build"), leaf("ship")));
    claim();
    tell(begun(), start(BUILD), finish(BUILD, Outcome.SUCCEEDED), ask, parked());
    exit();
    return run;
  }

  static Decision yes(Map<String, String> values) {
    return new Decision(SHIP, true, "go", values);
  }

  void isRefused(Problem.Code code, String words, Decision decision) {
    assertThatThrownBy(() -> cases.answers().decide(run().id(), decision, "bob"))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(code)).as(e.getMessage()).isTrue())
        .hasMessageContaining(words);
  }

  LaunchOrder claim() {
    LaunchOrder order = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    launch = order;
    seq = 0;
    cases.queue().launched(order.run(), new LaunchReport(order.fence(), "unit", null));
    return order;
  }

  boolean hasWork() {
    return cases.queue().length() > 0;
  }

  void tell(RunEvent... events) {
    List<EventEnvelope> batch = new ArrayList<>();
    for (RunEvent each : events) {
      batch.add(new EventEnvelope(seq + batch.size() + 1, now, each));
    }
    cases.reports().report(launch().run(), new EventBatch(launch().fence(), batch));
    seq += batch.size();
  }

  void end(LaunchEnd.Kind kind, String reason) {
    cases.queue().ended(launch().run(), new LaunchEnd(launch().fence(), kind, null, reason));
  }

  void exit(ResourceUse used) {
    LaunchEnd end =
        new LaunchEnd(launch().fence(), LaunchEnd.Kind.EXITED, 0, "done", null, null, used);
    cases.queue().ended(launch().run(), end);
  }

  void exit() {
    end(LaunchEnd.Kind.EXITED, "The process has ended with code 5.");
  }

  void die() {
    end(LaunchEnd.Kind.EXITED, "The container was killed.");
  }

  RunSnapshot run() {
    return cases.runs().snapshot(launch().run());
  }

  StepSnapshot step(StepPath path) {
    return run().steps().stream()
        .filter(each -> each.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  static RunEvent begun() {
    return new RunEvent.RunStarted("1");
  }

  static RunEvent begun(int attempt, @Nullable String reason) {
    return new RunEvent.RunStarted("1", attempt, null, reason);
  }

  static RunEvent resumed() {
    return new RunEvent.RunResumed("1");
  }

  static RunEvent start(StepPath path) {
    return new RunEvent.StepStarted(path, 1);
  }

  static RunEvent finish(StepPath path, Outcome outcome) {
    return new RunEvent.StepFinished(path, outcome, null, Map.of(), List.of());
  }

  static RunEvent finish(StepPath path, Artifact artifact) {
    return new RunEvent.StepFinished(path, Outcome.SUCCEEDED, null, Map.of(), List.of(artifact));
  }

  static RunEvent over(Outcome outcome) {
    return new RunEvent.RunFinished(outcome, null);
  }

  static RunEvent parked() {
    return new RunEvent.RunWaiting("Ship it?");
  }

  static RunEvent asks(StepPath path, @Nullable Instant until, ParameterSpec... parameters) {
    return waits(
        path, new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(parameters), until));
  }

  static RunEvent waits(StepPath path, Wait what) {
    return new RunEvent.StepWaiting(path.value(), path, what);
  }

  static RunEvent locks(String key, @Nullable StepPath path) {
    return new RunEvent.StepWaiting(
        key, path, new Wait(Wait.Kind.LOCK, "production", List.of(), List.of(), null));
  }

  static PlanStep leaf(String path) {
    return Samples.leaf(new StepPath(path));
  }

  static PlanStep task(String kind, String path, String... keeps) {
    return new PlanStep(
        kind,
        new StepPath(path),
        "",
        "",
        false,
        null,
        1,
        List.of(),
        List.of(),
        List.of(),
        new StepNeeds(List.of(), List.of(), null, List.of(), List.of(keeps), false));
  }

  static PlanStep holding(String kind, @Nullable String path, PlanStep... steps) {
    return Samples.step(kind, path == null ? null : new StepPath(path), List.of(steps));
  }

  static PlanStep ensured(PlanStep step, PlanStep ensure) {
    return new PlanStep(
        step.kind(), step.path(), "", "", false, null, 1, step.steps(), List.of(), List.of(ensure));
  }
}
