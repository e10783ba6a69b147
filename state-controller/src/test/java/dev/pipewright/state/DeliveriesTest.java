package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of deliveries through their states, on a clock that tests move. */
class DeliveriesTest {
  private static final Duration NOW = Duration.ZERO;
  private static final RunId RUN = RunId.parse("shop#1");

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    bench = new Bench(folder);
  }

  private static DeliveryReceipt receipt(SourceName source, String id) {
    DeliveryReceipt sample = Samples.receipt(id, Verdict.BUILD);
    return new DeliveryReceipt(
        source, id, sample.event(), sample.verdict(), sample.reason(), sample.changes());
  }

  private void receive(String... ids) {
    for (String id : ids) {
      Object unused = bench.cases.deliveries().receive(receipt(Samples.SHOP, id));
    }
  }

  private Optional<DeliveryWork> claim() {
    return bench.cases.deliveries().claim(NOW);
  }

  private DeliveryWork claimed(String id) {
    DeliveryWork work = claim().orElseThrow();
    assertThat(work.id()).isEqualTo(id);
    return work;
  }

  private void end(DeliveryWork work, DeliveryDone.Result result, @Nullable String problem) {
    bench
        .cases
        .deliveries()
        .done(work.id(), new DeliveryDone(work.fence(), List.of(), problem, result));
  }

  private void later(DeliveryWork work) {
    end(work, DeliveryDone.Result.LATER, "The git server is away.");
  }

  private DeliveryView view(String id) {
    return bench.cases.deliveries().view(id);
  }

  @Test
  void aDeliveryGoesFromReceivedOverBuildingToDone() {
    receive("a");
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.RECEIVED);
    DeliveryWork work = claimed("shop.a");
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.BUILDING);
    DeliveryDone done = new DeliveryDone(work.fence(), List.of(RUN), null);
    bench.cases.deliveries().done(work.id(), done);
    bench.cases.deliveries().done(work.id(), done);
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.DONE);
    assertThat(view("shop.a").runs()).containsExactly(RUN);
    assertThat(view("shop.a").attempts()).isEqualTo(1);
    assertThat(claim()).isEmpty();
  }

  @Test
  void ofOneSourceOnlyTheOldestIsOfferedAndOthersSideBySide() {
    receive("a", "b");
    Object unused = bench.cases.deliveries().receive(receipt(Bench.OTHER, "c"));
    DeliveryWork first = claimed("shop.a");
    claimed("other.c");
    assertThat(claim()).isEmpty();
    end(first, DeliveryDone.Result.PLANNED, null);
    claimed("shop.b");
  }

  @Test
  void whatStaysWrongEndsAtOnceWithItsReason() {
    receive("a", "b");
    end(claimed("shop.a"), DeliveryDone.Result.FAILED, "ShopPipeline.java:3: ';' expected");
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.FAILED);
    assertThat(view("shop.a").problem()).contains("';' expected");
    claimed("shop.b");
  }

  @Test
  void thePausesBetweenAttemptsDoubleUpToTenMinutes() {
    List<Long> pauses = new ArrayList<>();
    for (int attempts = 1; attempts <= 9; attempts++) {
      pauses.add(DeliveryProgress.pause(attempts).toSeconds());
    }
    assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L);
  }

  @Test
  void aPostponedDeliverySaysWhyAndWhenAndKeepsItsPlaceAtFirst() throws IOException {
    receive("a", "b");
    later(claimed("shop.a"));
    DeliveryView waiting = view("shop.a");
    assertThat(waiting.state()).isEqualTo(DeliveryState.RECEIVED);
    assertThat(waiting.problem()).isEqualTo("The git server is away.");
    assertThat(waiting.nextAttemptAt()).isEqualTo(Samples.NOON.plusSeconds(5));
    assertThat(claim()).isEmpty();
    bench.restart();
    assertThat(claim()).isEmpty();
    bench.pass(Duration.ofSeconds(5));
    end(claimed("shop.a"), DeliveryDone.Result.PLANNED, null);
    assertThat(view("shop.a").attempts()).isEqualTo(2);
    assertThat(view("shop.a").problem()).isNull();
    claimed("shop.b");
  }

  @Test
  void afterHalfAMinuteThoseBehindGoPastIt() throws IOException {
    receive("a", "b", "c");
    for (int seconds : List.of(5, 10, 20)) {
      later(claimed("shop.a"));
      assertThat(claim()).isEmpty();
      bench.pass(Duration.ofSeconds(seconds));
    }
    later(claimed("shop.a"));
    end(claimed("shop.b"), DeliveryDone.Result.PLANNED, null);
    bench.restart();
    DeliveryWork third = claimed("shop.c");
    bench.pass(Duration.ofSeconds(20));
    bench.cases.deliveries().renew(third.id(), third.fence());
    bench.pass(Duration.ofSeconds(20));
    assertThat(claim()).isEmpty();
    end(third, DeliveryDone.Result.PLANNED, null);
    claimed("shop.a");
  }

  @Test
  void afterADayOfTriesADeliveryHasFailed() {
    receive("a");
    int tries = 0;
    while (view("shop.a").state() == DeliveryState.RECEIVED) {
      later(claimed("shop.a"));
      tries++;
      bench.pass(DeliveryProgress.pause(tries));
    }
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.FAILED);
    assertThat(view("shop.a").problem())
        .isEqualTo("The git server is away.\nIt was tried for 24 hours.");
    assertThat(tries).isBetween(145, 155);
    assertThat(claim()).isEmpty();
  }

  @Test
  void aLeaseIsKeptByRenewingItAndLostWithout() {
    receive("a");
    DeliveryWork work = claimed("shop.a");
    bench.pass(Duration.ofSeconds(23));
    bench.cases.deliveries().renew(work.id(), work.fence());
    bench.pass(Duration.ofSeconds(23));
    bench.cases.sweep();
    assertThat(claim()).isEmpty();
    bench.pass(Duration.ofSeconds(2));
    DeliveryWork again = claimed("shop.a");
    assertThatThrownBy(() -> bench.cases.deliveries().renew(work.id(), work.fence()))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Problem.Code.FENCED)).isTrue());
    assertThatThrownBy(() -> end(work, DeliveryDone.Result.PLANNED, null))
        .isInstanceOf(ApiException.class);
    end(again, DeliveryDone.Result.PLANNED, null);
  }

  @Test
  void whoClaimedBeforeARestartMayStillSayWhatBecameOfIt() throws IOException {
    receive("a");
    DeliveryWork work = claimed("shop.a");
    bench.restart();
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.BUILDING);
    end(work, DeliveryDone.Result.PLANNED, null);
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.DONE);
    assertThat(claim()).isEmpty();
  }

  @Test
  void aDeathAtAnyWriteLosesNothing(@TempDir Path folder) throws IOException {
    for (int fatal = 1; fatal <= 5; fatal++) {
      for (boolean made : List.of(true, false)) {
        bench = new Bench(folder.resolve(fatal + " " + made));
        bench.restart(new CrashingStorage(bench.storage, fatal, made));
        try {
          liveThrough();
        } catch (StoreException e) {
          assertThat(e).hasMessage("The process was killed.");
        }
        bench.restart();
        liveThrough();
        bench.cases.sweep();
        assertThat(view("shop.a").state()).isEqualTo(DeliveryState.DONE);
        assertThat(claim()).isEmpty();
      }
    }
  }

  private void liveThrough() {
    receive("a");
    claim().ifPresent(work -> end(work, DeliveryDone.Result.PLANNED, null));
  }

  @Test
  void tenThousandAreDrainedInOrderPerSourceAfterARestart() throws IOException {
    int each = 5_000;
    for (int i = 0; i < each; i++) {
      Object unusedShop = bench.cases.deliveries().receive(receipt(Samples.SHOP, "d" + i));
      Object unusedOther = bench.cases.deliveries().receive(receipt(Bench.OTHER, "d" + i));
    }
    bench.restart();
    for (int i = 0; i < each; i++) {
      DeliveryWork shop = claimed("shop.d" + i);
      DeliveryWork other = claimed("other.d" + i);
      assertThat(claim()).isEmpty();
      end(other, DeliveryDone.Result.PLANNED, null);
      end(shop, DeliveryDone.Result.PLANNED, null);
    }
    assertThat(claim()).isEmpty();
    bench.cases.sweep();
    assertThat(view("other.d" + (each - 1)).state()).isEqualTo(DeliveryState.DONE);
  }

  @Test
  void aReplayedDeliveryIsWorkedOnAgainAndKeepsItsRuns() {
    receive("a");
    DeliveryWork work = claimed("shop.a");
    bench
        .cases
        .deliveries()
        .done(
            work.id(),
            new DeliveryDone(work.fence(), List.of(RUN), "oops", DeliveryDone.Result.FAILED));
    receive("b");
    DeliveryView again = bench.cases.deliveries().replay("a", "ann");
    assertThat(again.id()).isEqualTo("shop.a");
    assertThat(again.state()).isEqualTo(DeliveryState.RECEIVED);
    assertThat(again.attempts()).isZero();
    assertThat(again.problem()).isNull();
    DeliveryWork second = claimed("shop.a");
    assertThat(second.changes()).isEqualTo(work.changes());
    assertThat(second.fence()).isGreaterThan(work.fence());
    assertThatThrownBy(() -> end(work, DeliveryDone.Result.PLANNED, null))
        .hasMessageContaining("somebody else");
    end(second, DeliveryDone.Result.PLANNED, null);
    assertThat(view("shop.a").state()).isEqualTo(DeliveryState.DONE);
    assertThat(view("shop.a").runs()).containsExactly(RUN);
  }

  @Test
  void aReplayEndsThePauseAfterAnOutage() throws IOException {
    receive("a", "b");
    later(claimed("shop.a"));
    assertThat(claim()).isEmpty();
    Object unused = bench.cases.deliveries().replay("shop.a", "ann");
    later(claimed("shop.a"));
    bench.restart();
    Object unusedAgain = bench.cases.deliveries().replay("shop.a", "ann");
    claimed("shop.a");
  }

  @Test
  void whatAsksForNoRunOrIsBeingWorkedOnIsNotReplayed() {
    Deliveries deliveries = bench.cases.deliveries();
    String rejected = deliveries.receive(Samples.receipt(null, Verdict.REJECTED)).id();
    assertThatThrownBy(() -> deliveries.replay(rejected, "ann"))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("The delivery was rejected, so it is not replayed: Pushed.");
    String ping = deliveries.receive(Samples.receipt("p", Verdict.PING)).id();
    assertThatThrownBy(() -> deliveries.replay(ping, "ann"))
        .hasMessage("The delivery is PING and asks for no run: Pushed.");
    receive("a");
    claimed("shop.a");
    assertThatThrownBy(() -> deliveries.replay("shop.a", "ann"))
        .hasMessage("The delivery is being worked on.");
    assertThatThrownBy(() -> deliveries.replay("nowhere", "ann"))
        .hasMessage("There is no delivery 'nowhere'.");
  }

  @Test
  void aQuestionNoBuilderTakesIsUnavailableAfterAMinuteAndStaysOpen() {
    var request =
        new dev.pipewright.protocol.api.VersionRequest(
            Samples.SHOP, "refs/heads/main", Samples.COMMIT);
    var versions = bench.cases.versions();
    assertThat(versions.resolve(request, NOW).state()).hasToString("PENDING");
    bench.pass(Duration.ofSeconds(61));
    assertThat(versions.resolve(request, NOW).state()).hasToString("UNAVAILABLE");
    assertThat(versions.resolve(request, NOW).reason()).contains("No Builder");
    assertThat(versions.claim(NOW)).isPresent();
    assertThat(versions.resolve(request, NOW).state()).hasToString("PENDING");
  }

  @Test
  void aDeliveryThatIsGivenBackIsOfferedAtOnceAndItsFormerHolderIsRefused() {
    receive("a", "b");
    DeliveryWork lost = claimed("shop.a");
    bench.cases.deliveries().giveBack(lost.id(), lost.fence());
    DeliveryWork again = claimed("shop.a");
    bench.cases.deliveries().giveBack(lost.id(), lost.fence());
    assertThat(claim()).as("held by another one").isEmpty();
    assertThatThrownBy(() -> bench.cases.deliveries().renew(lost.id(), lost.fence()))
        .hasMessageContaining("given to somebody else");
    bench.cases.deliveries().renew(again.id(), again.fence());
  }

  @Test
  void whatIsOverIsForgottenWithTheRunsOfItsAge() throws IOException {
    bench.keep = new KeepRule(0, Duration.ofDays(7));
    bench.restart();
    receive("old", "open");
    end(claimed("shop.old"), DeliveryDone.Result.PLANNED, null);
    bench.pass(Duration.ofDays(7));
    receive("young");
    bench.cases.sweep();
    assertThat(view("shop.old").state()).isEqualTo(DeliveryState.DONE);

    bench.pass(Duration.ofSeconds(1));
    bench.cases.sweep();
    bench.restart();

    assertThat(bench.cases.deliveries().list(null, 10, null).items())
        .extracting(DeliveryView::id)
        .containsExactly("shop.young", "shop.open");
  }
}
