package dev.pipewright.state.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxReport.Result;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.state.Samples;
import dev.pipewright.state.store.MemoryStorage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final URI PAGE = URI.create("http://ci.example/runs/shop%231");

  @TempDir private Path folder;
  private MemoryStorage storage;
  private Instant now = Samples.NOON;
  private Outbox outbox;

  @BeforeEach
  void open() {
    storage = new MemoryStorage(folder);
    outbox = new Outbox(storage, () -> now);
  }

  private void restart() {
    outbox = new Outbox(storage, () -> now);
  }

  private static CommitStatus status(long run, StatusState state) {
    return new CommitStatus(
        state,
        new RunId(new PipelineName("shop"), run),
        Samples.COMMIT,
        "refs/heads/main",
        "pipewright/shop",
        state.name(),
        PAGE);
  }

  private void tell(long run, StatusState state, long version) {
    outbox.tell(Samples.SHOP, status(run, state), 1, version);
  }

  private void notify(String target, String title) {
    outbox.tell(
        target,
        new Notification(
            NotificationEvent.BROKE,
            new RunId(new PipelineName("shop"), 1),
            1,
            Samples.SHOP,
            "refs/heads/main",
            Samples.COMMIT,
            title,
            null,
            null,
            PAGE,
            now),
        title);
  }

  private Outbox.Claimed claim() {
    return outbox.claim(Duration.ZERO).orElseThrow();
  }

  private boolean isIdle() {
    return outbox.claim(Duration.ZERO).isEmpty();
  }

  private void report(Outbox.Claimed claimed, Result result, @Nullable Long wait) {
    outbox.reported(
        claimed.message().id(), new OutboxReport(claimed.fence(), result, "It was away.", wait));
  }

  private static StatusState state(Outbox.Claimed claimed) {
    CommitStatus status = claimed.message().status();
    return status == null ? StatusState.ERRORED : status.state();
  }

  private OutboxView newest() {
    return outbox.list(10, null).items().getFirst();
  }

  @Test
  void aStatusIsSentOnce() {
    tell(1, StatusState.QUEUED, 1);
    report(claim(), Result.SENT, null);

    tell(1, StatusState.QUEUED, 2);

    assertThat(isIdle()).isTrue();
    assertThat(newest().state()).isEqualTo(OutboxView.State.SENT);
    assertThat(newest().tries()).isEqualTo(1);
  }

  @Test
  void ofSeveralStatusesThatWereNotSentOnlyTheLatestIs() {
    tell(1, StatusState.QUEUED, 1);
    tell(1, StatusState.RUNNING, 2);
    tell(1, StatusState.SUCCEEDED, 3);

    Outbox.Claimed claimed = claim();
    report(claimed, Result.SENT, null);

    assertThat(state(claimed)).isEqualTo(StatusState.SUCCEEDED);
    assertThat(isIdle()).isTrue();
    assertThat(outbox.list(10, null).items()).hasSize(1);
  }

  @Test
  void aStatusWaitsUntilTheOneBeforeItIsThrough() {
    tell(1, StatusState.QUEUED, 1);
    Outbox.Claimed first = claim();
    tell(1, StatusState.SUCCEEDED, 2);

    assertThat(isIdle()).isTrue();
    report(first, Result.SENT, null);

    assertThat(state(claim())).isEqualTo(StatusState.SUCCEEDED);
  }

  @Test
  void aStatusThatFailedIsNotTriedAgainOnceThereIsALaterOne() {
    tell(1, StatusState.QUEUED, 1);
    Outbox.Claimed first = claim();
    tell(1, StatusState.SUCCEEDED, 2);
    report(first, Result.RETRY, null);

    Outbox.Claimed second = claim();
    report(second, Result.SENT, null);
    now = now.plus(Duration.ofHours(1));

    assertThat(state(second)).isEqualTo(StatusState.SUCCEEDED);
    assertThat(isIdle()).isTrue();
  }

  @Test
  void whatAnEarlierRunStillDoesDoesNotReplaceTheStatusOfALaterOne() {
    tell(2, StatusState.SUCCEEDED, 9);
    report(claim(), Result.SENT, null);

    tell(1, StatusState.FAILED, 50);

    assertThat(isIdle()).isTrue();
  }

  @Test
  void statusesOfSeveralContextsDoNotWaitForEachOther() {
    tell(1, StatusState.QUEUED, 1);
    CommitStatus other = status(1, StatusState.QUEUED);
    outbox.tell(
        Samples.SHOP,
        new CommitStatus(
            other.state(),
            new RunId(new PipelineName("docs"), 1),
            other.commit(),
            other.ref(),
            "pipewright/docs",
            other.description(),
            PAGE),
        1,
        1);

    Outbox.Claimed first = claim();
    Outbox.Claimed second = claim();

    assertThat(first.message().lane()).isNotEqualTo(second.message().lane());
  }

  @Test
  void thePausesBetweenTriesDoubleUpToTenMinutes() {
    tell(1, StatusState.QUEUED, 1);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      report(claim(), Result.RETRY, null);
      Instant next = newest().next();
      assertThat(next).isNotNull();
      pauses.add(Duration.between(now, next).toSeconds());
      now = next.minusMillis(1);
      assertThat(isIdle()).isTrue();
      now = next;
    }

    assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
  }

  @Test
  void aReceiverThatWantsToBeLeftAloneIs() {
    tell(1, StatusState.QUEUED, 1);
    report(claim(), Result.RETRY, 90L);

    now = now.plusSeconds(89);
    assertThat(isIdle()).isTrue();
    now = now.plusSeconds(1);
    assertThat(claim().message().tries()).isEqualTo(1);
  }

  @Test
  void afterADayItIsGivenUpWithTheReason() {
    tell(1, StatusState.QUEUED, 1);
    Instant begun = now;
    while (newest().state() == OutboxView.State.PENDING) {
      report(claim(), Result.RETRY, null);
      Instant next = newest().next();
      now = next == null ? now : next;
    }

    assertThat(Duration.between(begun, now)).isBetween(Duration.ofHours(23), Duration.ofHours(24));
    assertThat(newest().state()).isEqualTo(OutboxView.State.REFUSED);
    assertThat(newest().reason()).contains("Given up after", "It was away.");
  }

  @Test
  void whatIsRefusedEndsWithTheReasonAndLetsTheNextOneThrough() {
    tell(1, StatusState.QUEUED, 1);
    report(claim(), Result.REFUSED, null);
    assertThat(newest().reason()).isEqualTo("It was away.");

    tell(1, StatusState.SUCCEEDED, 2);

    assertThat(state(claim())).isEqualTo(StatusState.SUCCEEDED);
  }

  @Test
  void whatWasClaimedWithoutAWordSinceIsOfferedAgainUnderANewFence() {
    tell(1, StatusState.QUEUED, 1);
    Outbox.Claimed lost = claim();
    assertThat(isIdle()).isTrue();

    now = now.plusSeconds(61);
    Outbox.Claimed again = claim();

    assertThat(again.message().id()).isEqualTo(lost.message().id());
    assertThatThrownBy(() -> report(lost, Result.SENT, null))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("somebody else");
    report(again, Result.SENT, null);
  }

  @Test
  void whatIsGivenBackIsOfferedAtOnce() {
    tell(1, StatusState.QUEUED, 1);
    Outbox.Claimed lost = claim();
    outbox.giveBack(lost.message().id(), lost.fence());
    Outbox.Claimed again = claim();
    outbox.giveBack(lost.message().id(), lost.fence());
    assertThat(isIdle()).as("held by another one").isTrue();
    report(again, Result.SENT, null);
  }

  @Test
  void aRestartForgetsNoMessageAndNoOrder() {
    tell(1, StatusState.RUNNING, 2);
    notify("team", "first");
    notify("team", "second");
    restart();

    tell(1, StatusState.QUEUED, 1);
    notify("team", "first");
    Outbox.Claimed status = claim();
    Outbox.Claimed first = claim();

    assertThat(state(status)).isEqualTo(StatusState.RUNNING);
    assertThat(first.message().view().text()).isEqualTo("first");
    assertThat(isIdle()).isTrue();
    report(first, Result.SENT, null);
    assertThat(claim().message().view().text()).isEqualTo("second");
  }

  @Test
  void aCrashBetweenAStatusAndTheRemovalOfTheOneBeforeItLeavesTheLaterOne() {
    tell(1, StatusState.QUEUED, 1);
    OutboxRecord early = claim().message();
    outbox = new Outbox(storage, () -> now);
    tell(1, StatusState.SUCCEEDED, 2);
    storage.shelf("outbox", OutboxRecord.class).put(early.id(), early);
    restart();

    assertThat(state(claim())).isEqualTo(StatusState.SUCCEEDED);
    assertThat(isIdle()).isTrue();
  }

  @Test
  void notificationsForSeveralTargetsDoNotWaitForEachOther() {
    notify("team", "broke");
    notify("leads", "broke");

    assertThat(claim().message().target()).isEqualTo("team");
    assertThat(claim().message().target()).isEqualTo("leads");
  }

  @Test
  void pagesOfTheListGoOnWhereTheOneBeforeEnded() {
    for (String title : List.of("a", "b", "c")) {
      notify("team", title);
    }

    var page = outbox.list(2, null);
    var rest = outbox.list(2, page.next());

    assertThat(page.items()).extracting(OutboxView::text).containsExactly("c", "b");
    assertThat(rest.items()).extracting(OutboxView::text).containsExactly("a");
    assertThat(rest.next()).isNull();
  }

  @Test
  void onlyTheLastMessagesThatAreOverAreKept() {
    for (int i = 0; i < 2010; i++) {
      notify("team", "title " + i);
      report(claim(), Result.SENT, null);
    }
    outbox.sweep();
    restart();

    assertThat(newest().text()).isEqualTo("title 2009");
    List<String> kept = new ArrayList<>();
    String after = null;
    do {
      var page = outbox.list(200, after);
      page.items().forEach(item -> kept.add(item.text()));
      after = page.next();
    } while (after != null);
    assertThat(kept).hasSize(2000).doesNotContain("title 9");
  }

  @Test
  void whatWasRefusedCanBeTriedAgainUnlessItIsNotTrueAnyMore() {
    notify("chat", "broke");
    Outbox.Claimed first = claim();
    String id = first.message().id();
    assertThatThrownBy(() -> outbox.retry(id)).hasMessageContaining("being sent");
    report(first, Result.REFUSED, null);
    assertThat(isIdle()).isTrue();
    assertThat(outbox.retry(id).tries()).isZero();
    restart();
    Outbox.Claimed again = claim();
    report(again, Result.SENT, null);
    assertThatThrownBy(() -> outbox.retry(id)).hasMessageContaining("was sent");
    tell(1, StatusState.RUNNING, 1);
    Outbox.Claimed status = claim();
    report(status, Result.REFUSED, null);
    tell(1, StatusState.SUCCEEDED, 2);
    assertThatThrownBy(() -> outbox.retry(status.message().id()))
        .hasMessageContaining("newer status");
    assertThatThrownBy(() -> outbox.retry("nothing")).hasMessageContaining("no message");
  }

  @Test
  void messagesThatAreOverAreForgottenByAge() {
    notify("team", "sent");
    report(claim(), Result.SENT, null);
    notify("team", "refused");
    report(claim(), Result.REFUSED, null);
    notify("team", "waits");
    Instant then = now;
    now = now.plus(Duration.ofDays(1));
    notify("team", "waits, too");

    outbox.forgetBefore(then);
    assertThat(outbox.list(10, null).items()).hasSize(4);
    outbox.forgetBefore(now);
    restart();

    assertThat(outbox.list(10, null).items())
        .extracting(OutboxView::text)
        .containsExactly("waits, too", "waits");
  }
}
