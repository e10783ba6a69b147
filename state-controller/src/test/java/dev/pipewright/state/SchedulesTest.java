package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock begins at noon, and the default branch of the source is main. */
final class SchedulesTest {
  private static final String MAIN = "refs/heads/main";

  @TempDir private Path folder;
  private Bench bench;
  private int commits;

  @BeforeEach
  void open() throws IOException {
    bench = new Bench(folder);
  }

  private static TriggerSpec cron(String expression) {
    return new TriggerSpec.Cron(expression, "UTC");
  }

  /** A Builder says what a commit of this ref defines. */
  private void built(SourceName source, @Nullable String ref, TriggerSpec... triggers) {
    CommitId commit = ref == null ? null : new CommitId("%040d".formatted(++commits));
    VersionAnswer asked =
        bench.cases.versions().resolve(new VersionRequest(source, ref, commit), Duration.ZERO);
    assertThat(asked.state()).isEqualTo(VersionAnswer.State.PENDING);
    answer(ref == null ? MAIN : ref, triggers);
  }

  private VersionWork answer(String ref, TriggerSpec... triggers) {
    VersionWork work = bench.cases.versions().claim(Duration.ZERO).orElseThrow();
    Plan shop = Samples.plan("shop");
    Plan plan = new Plan(shop.pipeline(), "P", Arrays.asList(triggers), null, shop.steps());
    CommitId commit = work.commit() == null ? Samples.COMMIT : work.commit();
    bench
        .cases
        .versions()
        .resolved(
            new VersionResolved(
                work.id(),
                work.fence(),
                new VersionAnswer(
                    VersionAnswer.State.READY,
                    null,
                    ref,
                    commit,
                    "key",
                    Samples.BUNDLE,
                    List.of(plan),
                    null,
                    null)));
    return work;
  }

  private List<DeliveryView> deliveries() {
    return bench.cases.deliveries().list(null, 200, null).items();
  }

  private void pass(Duration time) {
    bench.pass(time);
    bench.cases.sweep();
  }

  @Test
  void aTimeThatHasComeIsADeliveryThatNamesThePipelineAndTheTime() {
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    pass(Duration.ofMinutes(59));
    assertThat(deliveries()).isEmpty();

    pass(Duration.ofMinutes(1));
    pass(Duration.ofMinutes(1));

    assertThat(deliveries()).hasSize(1);
    DeliveryWork work = bench.cases.deliveries().claim(Duration.ZERO).orElseThrow();
    ManualStart wish = work.manual();
    assertThat(wish).isNotNull();
    assertThat(wish.pipeline().value()).isEqualTo("shop");
    assertThat(wish.ref()).isNull();
    assertThat(wish.commit()).isNull();
    assertThat(wish.cron()).isEqualTo("cron 0 13 * * *, due 2026-11-20T13:00:00Z");
  }

  @Test
  void timesThatPassedWhileTheServerWasDownGiveOneDeliveryThatSaysSo() throws IOException {
    built(Samples.SHOP, MAIN, cron("0 * * * *"));
    bench.pass(Duration.ofMinutes(5 * 60 + 30));
    bench.restart();
    bench.cases.sweep();
    bench.cases.sweep();

    assertThat(deliveries())
        .singleElement()
        .extracting(DeliveryView::reason)
        .isEqualTo(
            "cron 0 * * * *, due 2026-11-20T17:00:00Z, caught up with after the server was away;"
                + " earlier times that were missed: 4");
  }

  @Test
  void aYearOfMissedMinutesIsOneDeliveryToo() {
    built(Samples.SHOP, MAIN, cron("* * * * *"));
    pass(Duration.ofDays(365).plusSeconds(7));

    assertThat(deliveries())
        .singleElement()
        .extracting(DeliveryView::reason)
        .asString()
        .contains("due 2027-11-20T12:00:00Z", "missed: more than 1000");
  }

  @Test
  void theSameTimeIsTheSameDeliveryHoweverOftenItIsFound() throws IOException {
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    pass(Duration.ofHours(1));
    DeliveryWork work = bench.cases.deliveries().claim(Duration.ZERO).orElseThrow();
    bench.cases.deliveries().done(work.id(), new DeliveryDone(work.fence(), List.of(), null));
    // As if the process had died between the delivery and the note that it was made.
    bench
        .storage
        .shelf("schedules", ScheduleRecord.class)
        .put(
            "shop",
            new ScheduleRecord(
                Samples.SHOP,
                MAIN,
                List.of(
                    new ScheduleRecord.Entry(
                        Samples.plan("shop").pipeline(),
                        "0 13 * * *",
                        "UTC",
                        Instant.parse("2026-11-20T12:00:00Z"))),
                false));
    bench.restart();
    bench.cases.sweep();

    assertThat(deliveries()).hasSize(1);
    assertThat(bench.cases.deliveries().claim(Duration.ZERO)).isEmpty();
  }

  @Test
  void anAnswerThatDoesNotLookAtThePipelinesChangesNothing() {
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    VersionAnswer asked =
        bench
            .cases
            .versions()
            .resolve(
                new VersionRequest(Samples.SHOP, MAIN, Samples.COMMIT, true, null), Duration.ZERO);
    assertThat(asked.state()).isEqualTo(VersionAnswer.State.PENDING);
    VersionWork unused = answer(MAIN);
    assertThat(unused.commitOnly()).isTrue();
    pass(Duration.ofHours(1));

    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void whatOtherBranchesSayStartsNothing() {
    built(Samples.SHOP, "refs/heads/feature", cron("* * * * *"));
    pass(Duration.ofHours(1));

    assertThat(deliveries()).isEmpty();
  }

  @Test
  void aTriggerThatIsGoneFromTheDefaultBranchStartsNothingAnyMore() {
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    built(Samples.SHOP, MAIN, new TriggerSpec.Manual());
    pass(Duration.ofHours(2));

    assertThat(deliveries()).isEmpty();
  }

  @Test
  void aNewVersionWithTheSameTriggerMissesNothingAndRepeatsNothing() {
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    bench.pass(Duration.ofMinutes(61));
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    bench.cases.sweep();
    built(Samples.SHOP, MAIN, cron("0 13 * * *"));
    bench.cases.sweep();

    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void aDefaultBranchThatNobodyHasNamedIsAskedFor() {
    SourceName plain = new SourceName("plain");
    bench
        .cases
        .sources()
        .register(new SourceSpec(plain, "https://git.example/plain.git", null, null, null, null));
    built(plain, "refs/heads/trunk", cron("0 13 * * *"));

    VersionWork head = answer("refs/heads/trunk", cron("0 13 * * *"));
    assertThat(head.ref()).isNull();
    assertThat(head.commit()).isNull();
    pass(Duration.ofHours(1));

    assertThat(deliveries()).hasSize(1);
  }
}
