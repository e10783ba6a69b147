package dev.pipewright.state;

import static dev.pipewright.state.Life.SHIP;
import static dev.pipewright.state.Life.asks;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.finish;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.parked;
import static dev.pipewright.state.Life.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What forges and people are told of the life of a run. */
class AnnouncementsTest {
  private static final String TOKEN = "ghp_of_the_shop";

  @TempDir private Path folder;
  private Life life;

  @BeforeEach
  void open() throws IOException {
    life = new Life(folder);
    life.cases
        .sources()
        .register(
            new SourceSpec(
                Samples.SHOP, "https://git.example/shop.git", "plain-git", null, null, "main"));
  }

  private void configure(String targets) throws IOException {
    Files.writeString(folder.resolve("notifications.json"), "{\"targets\":[" + targets + "]}");
    life.pass(Duration.ofSeconds(3));
  }

  private void sendStatuses(String source) {
    life.cases
        .sources()
        .register(
            new SourceSpec(
                new SourceName(source),
                "https://github.com/team/shop.git",
                "github",
                "s3cret",
                null,
                "main"));
    life.cases.statusTargets().set(new SourceName(source), new StatusSpec(TOKEN, null));
  }

  private RunId create(String key, String source, String causeKind, String ref) {
    NewRun usual = Life.ordered(key, List.of(leaf("build"), leaf("ship")));
    return life.cases
        .runs()
        .create(
            Samples.from(
                new SourceName(source),
                Samples.planned(usual.plan(), Samples.order("shop", key, ref))
                    .with(new Cause(causeKind, "ann", "Add a shelf", "d.1"))))
        .run()
        .id();
  }

  private RunId create(String key) {
    return create(key, "hub", "push", "refs/heads/main");
  }

  private Optional<OutboxWork> next() {
    Optional<OutboxWork> work = life.cases.announcements().claim(Duration.ZERO);
    work.ifPresent(
        found ->
            life.cases
                .announcements()
                .reported(
                    found.id(),
                    new OutboxReport(found.fence(), OutboxReport.Result.SENT, null, null)));
    return work;
  }

  private CommitStatus status() {
    CommitStatus status = next().orElseThrow().status();
    assertThat(status).isNotNull();
    return status;
  }

  private List<String> notifications() {
    List<String> told = new ArrayList<>();
    for (Optional<OutboxWork> work = next(); work.isPresent(); work = next()) {
      Notification notification = work.get().notification();
      NotificationTarget target = work.get().target();
      if (notification != null && target != null) {
        told.add(target.name() + ": " + notification.title());
      }
    }
    return told;
  }

  /** Runs it to its end, with {@code outcome} of its first step. */
  private void through(Outcome outcome) {
    life.claim();
    life.tell(begun(), start(new StepPath("build")), finish(new StepPath("build"), outcome));
    life.tell(over(outcome));
    life.exit();
  }

  @Test
  void aForgeIsToldOfEveryStateOfARun() {
    sendStatuses("hub");
    RunId run = create("one");
    CommitStatus queued = status();
    life.claim();
    life.tell(begun(), start(new StepPath("build")));
    CommitStatus running = status();
    life.tell(
        finish(new StepPath("build"), Outcome.SUCCEEDED), start(SHIP), asks(SHIP, null), parked());
    life.exit();
    CommitStatus waiting = status();
    life.cases.answers().decide(run, new Decision(SHIP, true, null, Map.of()), "ann");
    CommitStatus again = status();
    life.claim();
    life.tell(Life.resumed(), finish(SHIP, Outcome.SUCCEEDED));
    CommitStatus resumed = status();
    life.tell(over(Outcome.SUCCEEDED));
    life.exit();
    CommitStatus done = status();

    assertThat(List.of(queued, running, waiting, again, resumed, done))
        .extracting(each -> each.state() + " " + each.description())
        .containsExactly(
            "QUEUED Queued",
            "RUNNING Running",
            "WAITING Waiting for approval: ship",
            "QUEUED Queued",
            "RUNNING Running",
            "SUCCEEDED Succeeded in 0 s");
    assertThat(done.context()).isEqualTo("pipewright/shop");
    assertThat(done.commit()).isEqualTo(Samples.COMMIT);
    assertThat(done.url()).hasToString("http://ci.example/runs/shop%231");
    assertThat(next()).isEmpty();
  }

  @Test
  void aFailureNamesTheStepAndARerunBeginsAnew() {
    sendStatuses("hub");
    RunId run = create("one");
    through(Outcome.FAILED);
    CommitStatus failed = status();
    life.cases.runs().rerun(run, new RerunRequest(null, null), "ann");
    CommitStatus again = status();

    assertThat(failed.state()).isEqualTo(StatusState.FAILED);
    assertThat(failed.description()).isEqualTo("Failed in build");
    assertThat(again.description()).isEqualTo("Queued, attempt 2");
  }

  @Test
  void theTokenComesWithTheMessageAndIsKeptSealed() throws Exception {
    sendStatuses("hub");
    create("one");
    OutboxWork work = next().orElseThrow();

    assertThat(work.forge()).isNotNull();
    assertThat(work.forge().token()).isEqualTo(TOKEN);
    assertThat(work.forge().api()).hasToString("https://api.github.com");
    assertThat(work.forge().repository()).isEqualTo("team/shop");
    assertThat(work.toString()).doesNotContain(TOKEN);
    assertThat(
            life.storage
                .shelf("statusTargets", StatusTargetRecord.class)
                .find("hub")
                .orElseThrow()
                .value()
                .toString())
        .doesNotContain(TOKEN);
    life.restart();
    create("two");
    assertThat(next().orElseThrow().forge()).isEqualTo(work.forge());
  }

  @Test
  void aMergeQueueIsToldWhatItsPullRequestsNeed() {
    sendStatuses("hub");
    create("one", "hub", "merge_group", "refs/heads/gh-readonly-queue/main/pr-7-abc");

    assertThat(status().context()).isEqualTo("pipewright/shop/pull-request");
  }

  @Test
  void aPullRequestHasAContextOfItsOwn() {
    sendStatuses("hub");
    create("one");
    create("two", "hub", "pull_request", "refs/pull/7/head");

    assertThat(List.of(status().context(), status().context()))
        .containsExactly("pipewright/shop", "pipewright/shop/pull-request");
  }

  @Test
  void aSourceWithoutATokenTellsNobody() {
    create("one", "shop", "push", "refs/heads/main");
    through(Outcome.SUCCEEDED);

    assertThat(next()).isEmpty();
    assertThatThrownBy(() -> life.cases.statusTargets().view(Samples.SHOP))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("sent nowhere");
  }

  @ParameterizedTest
  @CsvSource({
    "gogs, token, Gogs has no API",
    "gerrit, token, USER:PASSWORD",
    "github, 'to ken', no blanks",
    "github, '', no blanks"
  })
  void whatCannotBeToldIsRefusedWhenItIsSet(String forge, String token, String why) {
    SourceName name = new SourceName("other");
    life.cases
        .sources()
        .register(new SourceSpec(name, "https://git.example/a/b", forge, "s3cret", null, null));

    assertThatThrownBy(() -> life.cases.statusTargets().set(name, new StatusSpec(token, null)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatIsLeftForATokenThatWasTakenAwayEndsWithTheReason() {
    sendStatuses("hub");
    create("one");
    life.cases.statusTargets().remove(new SourceName("hub"));

    assertThat(next()).isEmpty();
    assertThat(life.cases.announcements().list(10, null).items())
        .singleElement()
        .satisfies(
            view -> {
              assertThat(view.state()).isEqualTo(OutboxView.State.REFUSED);
              assertThat(view.reason()).contains("no token any more");
            });
  }

  @Test
  void peopleAreToldWhenARefBreaksAndWhenItIsFixed() throws Exception {
    configure("{\"name\":\"team\",\"kind\":\"slack\",\"url\":\"https://chat.example/hook\"}");
    for (Outcome outcome :
        List.of(
            Outcome.SUCCEEDED,
            Outcome.FAILED,
            Outcome.FAILED,
            Outcome.CANCELLED,
            Outcome.SUCCEEDED,
            Outcome.SUCCEEDED)) {
      create("key " + life.now(), "shop", "push", "refs/heads/main");
      through(outcome);
      life.pass(Duration.ofMinutes(1));
    }

    assertThat(notifications())
        .containsExactly("team: shop#2 broke main: Failed in build", "team: shop#5 fixed main");
  }

  @Test
  void whoWantsEveryFailureIsToldOfEach() throws Exception {
    configure(
        "{\"name\":\"leads\",\"kind\":\"webhook\",\"url\":\"https://x.example\",\"on\":[\"failed\"]}");
    for (int i = 0; i < 2; i++) {
      create("key " + i, "shop", "push", "refs/heads/main");
      through(Outcome.FAILED);
    }

    assertThat(notifications())
        .containsExactly(
            "leads: shop#1 broke main: Failed in build",
            "leads: shop#2 main is still broken: Failed in build");
  }

  @Test
  void peopleAreToldOnceThatARunWaitsForThem() throws Exception {
    configure("{\"name\":\"team\",\"kind\":\"slack\",\"url\":\"https://chat.example/hook\"}");
    RunId run = create("one", "shop", "push", "refs/heads/main");
    life.claim();
    life.tell(begun(), start(SHIP), asks(SHIP, null), parked());
    life.exit();
    life.restart();
    life.cases.answers().decide(run, new Decision(SHIP, true, null, Map.of()), "ann");

    assertThat(notifications())
        .containsExactly("team: shop#1: Waiting for approval: ship (Ship it?)");
  }

  @Test
  void onlyThePipelinesAndRefsThatATargetNamesAreToldOf() throws Exception {
    configure(
        "{\"name\":\"a\",\"kind\":\"slack\",\"url\":\"https://x.example\",\"pipelines\":[\"docs*\"]},"
            + "{\"name\":\"b\",\"kind\":\"slack\",\"url\":\"https://x.example\",\"pipelines\":[\"sh*\"]},"
            + "{\"name\":\"c\",\"kind\":\"slack\",\"url\":\"https://x.example\",\"refs\":[\"refs/heads/rel*\"]}");
    create("one", "shop", "push", "refs/heads/main");
    through(Outcome.FAILED);
    create("two", "shop", "pull_request", "refs/pull/7/head");
    through(Outcome.FAILED);

    assertThat(notifications()).containsExactly("b: shop#1 broke main: Failed in build");
  }

  @Test
  void anEndThatIsKnownAlreadyIsNoNews() {
    PipelineRecord fresh = PipelineRecord.fresh(Samples.plan("shop").pipeline(), Samples.SHOP);
    create("one", "shop", "push", "refs/heads/main");
    through(Outcome.FAILED);
    PipelineRecord broken = fresh.after(life.run(), null);

    assertThat(fresh.news(life.run())).contains(NotificationEvent.BROKE);
    assertThat(broken.news(life.run())).isEmpty();
  }

  @Test
  void aRunThatLostItsUnitSaysThatItCouldNotBeRun() {
    sendStatuses("hub");
    create("one");
    life.claim();
    life.tell(begun());
    life.end(LaunchEnd.Kind.LIMIT, "The run took longer than its limit of 5 minutes.");

    assertThat(status().description())
        .isEqualTo("Timed out: The run took longer than its limit of 5 minutes.");
  }
}
