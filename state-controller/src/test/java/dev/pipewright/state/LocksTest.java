package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.state.Bench.Given;
import dev.pipewright.state.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocksTest {
  private Bench bench;
  private Locks locks;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
    locks = fresh(bench::give);
  }

  private Locks fresh(AnswerGiver answers) {
    Locks made = new Locks(bench.storage, bench.cases.services().live(), answers, bench.clock());
    bench.cases.listen(made);
    return made;
  }

  private LockAnswer want(LaunchOrder run, String key) {
    return locks.request(run.run(), new LockRequest(run.fence(), "production", key));
  }

  private void giveBack(LaunchOrder run, String key) {
    locks.release(run.run(), new LockRequest(run.fence(), "production", key));
  }

  private LockView view() {
    return locks.all().items().getFirst();
  }

  @Test
  void theFirstGetsItAndTheOthersInTheirOrder() {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    LaunchOrder three = bench.running();
    assertThat(want(one, "deploy")).isEqualTo(new LockAnswer(true, 1, null, 0));
    assertThat(want(two, "deploy")).isEqualTo(new LockAnswer(false, 0, "shop#1", 0));
    assertThat(want(three, "deploy")).isEqualTo(new LockAnswer(false, 0, "shop#1", 1));
    assertThat(view().waiting())
        .extracting(LockView.Claim::run)
        .containsExactly(two.run(), three.run());
    giveBack(one, "deploy");
    giveBack(two, "deploy");
    assertThat(bench.given)
        .extracting(Given::run, given -> given.answer().verdict(), given -> given.answer().values())
        .containsExactly(
            tuple(two.run(), Answer.Verdict.GRANTED, Map.of("grant", "2")),
            tuple(three.run(), Answer.Verdict.GRANTED, Map.of("grant", "3")));
    giveBack(three, "deploy");
    assertThat(locks.all().items()).isEmpty();
    assertThat(want(one, "deploy").grant()).isEqualTo(4);
  }

  @Test
  void whoeverAsksAgainKeepsWhatItHas() {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    want(one, "deploy");
    want(two, "deploy");
    assertThat(want(one, "deploy").grant()).isEqualTo(1);
    assertThat(want(two, "deploy").ahead()).isZero();
    assertThat(view().waiting()).hasSize(1);
    assertThat(bench.given).isEmpty();
  }

  @Test
  void twoStepsOfOneRunEachWaitTheirTurn() {
    LaunchOrder one = bench.running();
    assertThat(want(one, "blue").granted()).isTrue();
    assertThat(want(one, "green").granted()).isFalse();
    giveBack(one, "blue");
    assertThat(bench.given)
        .singleElement()
        .satisfies(given -> assertThat(given.answer().key()).isEqualTo("green"));
  }

  @Test
  void aPlaceInTheLineCanBeGivenBackAndNothingAtAllToo() {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    want(one, "deploy");
    want(two, "deploy");
    giveBack(two, "deploy");
    giveBack(two, "deploy");
    giveBack(two, "other");
    giveBack(one, "deploy");
    assertThat(bench.given).isEmpty();
    assertThat(locks.all().items()).isEmpty();
  }

  @Test
  void theEndOfARunGivesBackWhatItHoldsAndDropsItFromTheLine() {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    LaunchOrder three = bench.running();
    want(one, "deploy");
    want(two, "deploy");
    want(three, "deploy");
    bench.finish(two, 2);
    assertThat(view().waiting()).extracting(LockView.Claim::run).containsExactly(three.run());
    bench.finish(one, 2);
    assertThat(view().owner()).isNotNull();
    assertThat(view().owner().run()).isEqualTo(three.run());
    assertThat(bench.given).extracting(Given::run).containsExactly(three.run());
    assertThatThrownBy(() -> want(one, "deploy")).hasMessageContaining("is finished");
  }

  @Test
  void aRestartForgetsNeitherOwnerNorLineAndFreesWhatEndedMeanwhile() throws Exception {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    want(one, "deploy");
    want(two, "deploy");
    bench.restart();
    locks = fresh(bench::give);
    assertThat(want(one, "deploy").grant()).isEqualTo(1);
    assertThat(want(two, "deploy").owner()).isEqualTo("shop#1");
    bench.restart();
    bench.finish(one, 2);
    locks = fresh(bench::give);
    locks.sweep();
    assertThat(want(two, "deploy").grant()).isEqualTo(2);
  }

  @Test
  void anOwnerThatCouldNotBeToldIsStillTheOwner() throws Exception {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    locks =
        fresh(
            (run, attempt, answer) -> {
              throw new StoreException("crash");
            });
    want(one, "deploy");
    want(two, "deploy");
    giveBack(one, "deploy");
    bench.restart();
    locks = fresh(bench::give);
    assertThat(view().owner()).isNotNull();
    assertThat(view().owner().run()).isEqualTo(two.run());
    assertThat(want(two, "deploy").grant()).isEqualTo(2);
  }

  @Test
  void anAdministratorTakesItFromItsOwner() {
    LaunchOrder one = bench.running();
    LaunchOrder two = bench.running();
    want(one, "deploy");
    want(two, "deploy");
    LockView after = locks.takeAway("production", "admin");
    assertThat(after.owner()).isNotNull();
    assertThat(after.owner().run()).isEqualTo(two.run());
    giveBack(one, "deploy");
    assertThat(view().owner()).isNotNull();
    assertThat(want(one, "deploy").granted()).isFalse();
    assertThatThrownBy(() -> locks.takeAway("unknown", "admin"))
        .hasMessageContaining("Nobody holds the lock 'unknown'");
  }

  @Test
  void anOldLaunchAndABadNameAreRefused() {
    LaunchOrder one = bench.running();
    assertThatThrownBy(() -> locks.request(one.run(), new LockRequest(7, "x", "k")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("was replaced");
    for (String name : List.of("", " ", "a\nb", "x".repeat(201))) {
      assertThatThrownBy(() -> locks.request(one.run(), new LockRequest(1, name, "k")))
          .hasMessageContaining("The name of a lock");
    }
  }

  /** Engines that all want the same few locks, and what they see of each other. */
  private final class Contest {
    private static final int ROUNDS = 12;
    private final Map<String, Semaphore> told = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> lastGrant = new ConcurrentHashMap<>();

    private void tell(RunId run, int attempt, Answer answer) {
      mailbox(run, answer.key()).release();
    }

    private Semaphore mailbox(RunId run, String key) {
      return told.computeIfAbsent(run + "|" + key, any -> new Semaphore(0));
    }

    private int play(LaunchOrder order) throws InterruptedException {
      for (int round = 0; round < ROUNDS; round++) {
        LockRequest wish = new LockRequest(order.fence(), "lock " + round % 3, "round " + round);
        long grant = locks.request(order.run(), wish).grant();
        if (grant == 0) {
          assertThat(mailbox(order.run(), wish.key()).tryAcquire(30, TimeUnit.SECONDS)).isTrue();
          grant = locks.request(order.run(), wish).grant();
        }
        hold(wish.name(), grant);
        locks.release(order.run(), wish);
      }
      return ROUNDS;
    }

    private void hold(String name, long grant) {
      AtomicInteger owners = inside.computeIfAbsent(name, any -> new AtomicInteger());
      assertThat(owners.incrementAndGet()).isEqualTo(1);
      AtomicLong last = lastGrant.computeIfAbsent(name, any -> new AtomicLong());
      assertThat(grant).isGreaterThan(last.getAndSet(grant));
      LockSupport.parkNanos(20_000);
      assertThat(owners.decrementAndGet()).isZero();
    }
  }

  @Test
  void neverTwoOwnersAndNobodyStarves() throws Exception {
    Contest contest = new Contest();
    locks = fresh(contest::tell);
    List<LaunchOrder> orders = Stream.generate(bench::running).limit(24).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> all = new ArrayList<>();
      orders.forEach(order -> all.add(threads.submit(() -> contest.play(order))));
      for (Future<Integer> one : all) {
        assertThat(one.get()).isEqualTo(Contest.ROUNDS);
      }
    }
    assertThat(locks.all().items()).isEmpty();
    assertThat(contest.lastGrant.values())
        .extracting(AtomicLong::get)
        .contains(24L * Contest.ROUNDS);
  }

  @Test
  void aThousandWaitInOneLine() {
    RunId first = bench.running().run();
    List<LaunchOrder> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      LaunchOrder order = bench.running();
      all.add(order);
      want(order, "deploy");
    }
    assertThat(bench.cases.services().live().record(first).over()).isFalse();
    for (LaunchOrder order : all) {
      giveBack(order, "deploy");
    }
    assertThat(bench.given)
        .extracting(Given::run)
        .containsExactlyElementsOf(all.stream().skip(1).map(LaunchOrder::run).toList());
    bench.pass(Duration.ofSeconds(1));
    locks.sweep();
    assertThat(locks.all().items()).isEmpty();
  }
}
