package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries that come too early, or more than once, on a clock that tests move. */
class RepeatedDeliveriesTest {
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

  private DeliveryView view(String id) {
    return bench.cases.deliveries().view(id);
  }

  private void absent(DeliveryWork work) {
    end(work, DeliveryDone.Result.ABSENT, "The repository has no such ref.");
  }

  @Test
  void whatTheRepositoryDoesNotHaveYetIsTriedForFiveMinutesAndNobodyWaitsForIt()
      throws IOException {
    receive("early", "next");
    absent(claimed("shop.early"));
    assertThat(view("shop.early").nextAttemptAt()).isEqualTo(Samples.NOON.plusSeconds(5));
    end(claimed("shop.next"), DeliveryDone.Result.PLANNED, null);
    bench.restart();
    for (int pause : List.of(5, 10, 20, 40, 80, 160)) {
      assertThat(claim()).isEmpty();
      bench.pass(Duration.ofSeconds(pause));
      absent(claimed("shop.early"));
    }
    assertThat(view("shop.early").state()).isEqualTo(DeliveryState.FAILED);
    assertThat(view("shop.early").problem()).isEqualTo("The repository has no such ref.");
  }

  @Test
  void whatAPersonNamesAndIsNotThereFailsAtOnce() {
    ManualStart wish =
        new ManualStart(RUN.pipeline(), Samples.SHOP, "refs/heads/typo", null, null, null);
    String id = bench.cases.deliveries().start(wish, "ann").id();
    absent(claimed(id));
    assertThat(view(id).state()).isEqualTo(DeliveryState.FAILED);
  }

  @Test
  void theSameDeliveryOnceMoreTriesAgainWhatCameToNothing() throws IOException {
    receive("a");
    end(claimed("shop.a"), DeliveryDone.Result.FAILED, "The password was wrong.");
    bench.restart();
    assertThat(bench.cases.deliveries().receive(receipt(Samples.SHOP, "a")).duplicate()).isFalse();
    DeliveryWork again = claimed("shop.a");
    assertThat(bench.cases.deliveries().receive(receipt(Samples.SHOP, "a")).duplicate()).isTrue();
    bench.cases.deliveries().done(again.id(), new DeliveryDone(again.fence(), List.of(RUN), null));
    assertThat(bench.cases.deliveries().receive(receipt(Samples.SHOP, "a")).duplicate()).isTrue();
    assertThat(claim()).isEmpty();
  }

  @Test
  void whatWasIgnoredIsPlannedWhenItIsDeliveredAgainAndWanted() {
    Deliveries deliveries = bench.cases.deliveries();
    assertThat(deliveries.receive(Samples.receipt("a", Verdict.IGNORED)).duplicate()).isFalse();
    assertThat(deliveries.receive(Samples.receipt("a", Verdict.IGNORED)).duplicate()).isTrue();
    assertThat(claim()).isEmpty();
    assertThat(deliveries.receive(Samples.receipt("a", Verdict.BUILD)).verdict())
        .isEqualTo(Verdict.BUILD);
    claimed("shop.a");
  }

  @Test
  void noTwoSendersCanMakeTheSameId() {
    SourceName shop = new SourceName("shop");
    SourceName api = new SourceName("shop.api");
    assertThat(DeliveryLimits.id(shop, "api.x")).isNotEqualTo(DeliveryLimits.id(api, "x"));
    assertThat(DeliveryLimits.id(shop, "a-1_b")).isEqualTo("shop.a-1_b");
    assertThat(DeliveryLimits.id(shop, "a@b/c==")).matches("shop\\.[0-9a-f]{32}");
  }
}
