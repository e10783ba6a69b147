package dev.pipewright.engine.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.engine.report.Reporter;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting, waking and parking, with a clock that moves only when a test says so. */
@Timeout(180)
final class WaitsTest {
  private final Clock clock = new Clock();
  private final Told told = new Told();
  private final Activity activity = new Activity();
  private final Waits waits = new Waits(activity, clock, told, Duration.ZERO);
  private final Cancellation cancellation = Cancellation.root();

  private static final class Clock implements EngineTime {
    private final List<Runnable> timers = new ArrayList<>();

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public boolean pause(Duration length, Cancellation cancellation) {
      return true;
    }

    @Override
    public synchronized Timer after(Duration length, Runnable action) {
      timers.add(action);
      notifyAll();
      return () -> remove(action);
    }

    private synchronized void remove(Runnable action) {
      timers.remove(action);
    }

    /** Lets all time pass, once somebody waits for that. */
    void pass() throws InterruptedException {
      Runnable next;
      synchronized (this) {
        while (timers.isEmpty()) {
          wait();
        }
        next = timers.removeFirst();
      }
      next.run();
    }

    synchronized int timers() {
      return timers.size();
    }
  }

  private static final class Told implements Reporter {
    private final List<RunEvent> events = new ArrayList<>();

    @Override
    public synchronized void event(RunEvent event) {
      events.add(event);
    }

    @Override
    public void output(StepPath step, byte[] bytes, int offset, int length) {}

    @Override
    public Artifact keep(String name, Path file) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {}
  }

  private static Waits.Request request(String key, Wait.Kind kind, @Nullable Instant until) {
    return new Waits.Request(
        key, StepPath.of(key), new Wait(kind, "for " + key, List.of(), List.of(), until), false);
  }

  private static Answer answer(String key) {
    return new Answer(key, Answer.Verdict.APPROVED, "ann", null, Instant.EPOCH, Map.of());
  }

  /** A branch that waits, and ends when it has its answer. */
  private Future<@Nullable Answer> branch(Waits.Request request) {
    CompletableFuture<@Nullable Answer> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Answer answer = waits.await(request, cancellation);
                result.complete(answer);
              } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
              } finally {
                activity.end();
              }
            });
    return result;
  }

  private static void assertParked(Future<?> branch) {
    assertThatThrownBy(branch::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ParkedException.class);
  }

  @Test
  void anAnswerThatIsThereAlreadyIsTakenWithoutAWord() throws Exception {
    waits.answered(List.of(answer("a")));

    assertThat(waits.await(request("a", Wait.Kind.APPROVAL, null), cancellation))
        .isEqualTo(answer("a"));
    assertThat(told.events).isEmpty();
  }

  @Test
  void aRunInWhichOnlyPeopleAreWaitedForParksAtOnce() {
    activity.begin(1);
    Future<?> one = branch(request("a", Wait.Kind.APPROVAL, null));
    Future<?> other = branch(request("b", Wait.Kind.UNKNOWN_END, null));

    assertParked(one);
    assertParked(other);
    assertThat(waits.left()).extracting(Waits.Request::key).containsExactlyInAnyOrder("a", "b");
    assertThat(told.events).hasSize(2).allMatch(RunEvent.StepWaiting.class::isInstance);
  }

  @Test
  void aRunDoesNotParkWhileABranchWorks() throws Exception {
    activity.begin(1);
    Future<@Nullable Answer> waiting = branch(request("a", Wait.Kind.APPROVAL, null));
    while (waits.open().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(activity.isWaiting()).isFalse();

    waits.answered(List.of(answer("a")));

    assertThat(waiting.get()).isEqualTo(answer("a"));
    assertThat(waits.left()).isEmpty();
  }

  @Test
  void aBranchThatEndsLetsTheOthersPark() {
    activity.begin(1);
    Future<?> waiting = branch(request("a", Wait.Kind.APPROVAL, null));
    while (waits.open().isEmpty()) {
      Thread.onSpinWait();
    }

    activity.end();

    assertParked(waiting);
  }

  @Test
  void aLockIsWaitedForAWhileBeforeTheRunParks() throws Exception {
    Future<?> waiting = branch(request("a", Wait.Kind.LOCK, null));

    clock.pass();

    assertParked(waiting);
  }

  @Test
  void aLockThatComesSoonEndsTheWaitAndTheTimer() throws Exception {
    Future<@Nullable Answer> waiting = branch(request("a", Wait.Kind.LOCK, null));
    while (clock.timers() == 0) {
      Thread.onSpinWait();
    }

    waits.answered(List.of(answer("a")));

    assertThat(waiting.get()).isEqualTo(answer("a"));
    assertThat(clock.timers()).isZero();
  }

  @Test
  void aCancelEndsTheWaitWithoutAnAnswer() throws Exception {
    activity.begin(1);
    Future<@Nullable Answer> waiting = branch(request("a", Wait.Kind.RUN, null));
    while (waits.open().isEmpty()) {
      Thread.onSpinWait();
    }

    cancellation.cancel("enough");

    assertThat(waiting.get()).isNull();
    assertThat(waits.open()).isEmpty();
  }

  @Test
  void aWaitThatIsOverIsAnsweredByTheEngineWhereNobodyElseDoes() throws Exception {
    activity.begin(1);
    Future<@Nullable Answer> waiting =
        branch(request("a", Wait.Kind.APPROVAL, Instant.EPOCH.plusSeconds(60)));

    clock.pass();

    assertThat(waiting.get())
        .isEqualTo(
            new Answer(
                "a", Answer.Verdict.EXPIRED, null, null, Instant.EPOCH.plusSeconds(60), Map.of()));
  }

  @Test
  void aWaitThatIsKnownIsNotToldAgain() {
    Wait what = new Wait(Wait.Kind.APPROVAL, "x", List.of(), List.of(), null);

    assertParked(branch(new Waits.Request("a", null, what, true)));
    assertThat(told.events).isEmpty();
  }

  @Test
  void theFirstAnswerCounts() {
    waits.answered(List.of(answer("a")));
    waits.answered(
        List.of(new Answer("a", Answer.Verdict.REJECTED, "bob", null, Instant.EPOCH, Map.of())));

    assertThat(waits.answer("a")).isEqualTo(answer("a"));
  }
}
