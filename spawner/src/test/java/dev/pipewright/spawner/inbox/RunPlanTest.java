package dev.pipewright.spawner.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.protocol.run.Trust;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunPlanTest {
  private static final CommitId COMMIT = new CommitId("a".repeat(40));
  private static final String MAIN = "refs/heads/main";

  private static DeliveryWork work(String id, @Nullable ManualStart manual) {
    return new DeliveryWork(
        id, new SourceName("shop"), List.of(), null, Map.of("size", "xl"), manual, 1);
  }

  private static RefChange change(ChangeKind kind, String ref) {
    return new RefChange(kind, ref, COMMIT, "mona", "Fix it", null);
  }

  private static Plan plan(String name, TriggerSpec... triggers) {
    return new Plan(new PipelineName(name), "Definition", List.of(triggers), null, List.of());
  }

  private static TriggerSpec push(String... patterns) {
    return new TriggerSpec.Push(Arrays.stream(patterns).map(GlobPattern::new).toList());
  }

  private static VersionAnswer ready(Plan... plans) {
    return new VersionAnswer(
        VersionAnswer.State.READY,
        null,
        MAIN,
        COMMIT,
        "key",
        BlobDigest.of(new byte[0]),
        List.of(plans),
        null,
        null);
  }

  private static VersionAnswer failed(String reason) {
    return new VersionAnswer(
        VersionAnswer.State.FAILED, reason, null, null, null, null, List.of(), null, null);
  }

  private static Planned.Wanted wanted(ChangeKind kind, String ref, Plan... plans) {
    return RunPlan.of(work("shop.1", null), change(kind, ref), ready(plans));
  }

  @Test
  void aTimeStartsAPipelineThatHasACronTrigger() {
    ManualStart start =
        new ManualStart(
            new PipelineName("shop"),
            null,
            null,
            null,
            null,
            null,
            "cron 0 3 * * *, due now",
            null);
    Plan timed = plan("shop", new TriggerSpec.Cron("0 3 * * *", "UTC"));

    Planned.Wanted wanted = RunPlan.ofManual(work("shop.c1", start), start, ready(timed));
    Planned.Wanted gone =
        RunPlan.ofManual(
            work("shop.c1", start), start, ready(plan("shop", new TriggerSpec.Manual())));

    NewRun run = wanted.runs().getFirst();
    assertThat(run.cause().kind()).isEqualTo("cron");
    assertThat(run.cause().message()).isEqualTo("cron 0 3 * * *, due now");
    assertThat(run.key()).isEqualTo("shop|cron|shop|shop.c1");
    assertThat(run.commit()).isEqualTo(COMMIT);
    assertThat(gone.runs()).isEmpty();
    assertThat(gone.problem()).contains("not started by cron any more");
  }

  @Test
  void givesARunForEachPipelineThatWantsTheChange() {
    Planned.Wanted wanted =
        wanted(
            ChangeKind.PUSH,
            MAIN,
            plan("shop", push("main")),
            plan("docs", push("docs/**")),
            plan("lint", push()));

    assertThat(wanted.runs())
        .map(run -> run.plan().pipeline().value())
        .containsExactly("shop", "lint");
    assertThat(wanted.problem()).isNull();
  }

  @Test
  void makesTheKeyOfTheMeaningOfTheChange() {
    Planned.Wanted first =
        RunPlan.of(
            work("shop.1", null), change(ChangeKind.PUSH, MAIN), ready(plan("shop", push())));
    Planned.Wanted second =
        RunPlan.of(
            work("shop.2", null), change(ChangeKind.PUSH, MAIN), ready(plan("shop", push())));

    assertThat(first.runs().getFirst().key())
        .isEqualTo("shop|push|refs/heads/main|" + COMMIT + "|shop")
        .isEqualTo(second.runs().getFirst().key());
  }

  @Test
  void handsOnWhatTheRunNeeds() {
    NewRun run = wanted(ChangeKind.PUSH, MAIN, plan("shop", push())).runs().getFirst();

    assertThat(run.cause().kind()).isEqualTo("push");
    assertThat(run.cause().by()).isEqualTo("mona");
    assertThat(run.cause().delivery()).isEqualTo("shop.1");
    assertThat(run.ref()).isEqualTo(MAIN);
    assertThat(run.parameters()).containsEntry("size", "xl");
    assertThat(run.isolated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PUSH, refs/heads/main, true",
    "PUSH, refs/heads/release/1.0, true",
    "PUSH, refs/heads/release/1.0/x, false",
    "PUSH, refs/heads/maintenance, false",
    "PUSH, refs/heads/feature/main, false",
    "TAG, refs/tags/main, false",
    "PULL_REQUEST, refs/pull/1/head, false",
    "MERGE_GROUP, refs/heads/main, false",
    "MANUAL, refs/heads/main, false"
  })
  void matchesPushesByTheShortNameOfTheBranch(ChangeKind kind, String ref, boolean starts) {
    assertThat(TriggerMatch.starts(plan("p", push("main", "release/*")), kind, ref))
        .isEqualTo(starts);
  }

  @ParameterizedTest
  @CsvSource({"TAG, refs/tags/v1, true", "TAG, refs/tags/w1, false", "PUSH, refs/heads/v1, false"})
  void matchesTagsByTheirShortName(ChangeKind kind, String ref, boolean starts) {
    Plan plan = plan("p", new TriggerSpec.Tag(List.of(new GlobPattern("v*"))));

    assertThat(TriggerMatch.starts(plan, kind, ref)).isEqualTo(starts);
  }

  @ParameterizedTest
  @CsvSource({
    "PULL_REQUEST, true",
    "MERGE_GROUP, true",
    "PUSH, false",
    "TAG, false",
    "MANUAL, false"
  })
  void countsAMergeGroupAsAPullRequest(ChangeKind kind, boolean starts) {
    assertThat(TriggerMatch.starts(plan("p", new TriggerSpec.PullRequest()), kind, MAIN))
        .isEqualTo(starts);
  }

  @Test
  void startsNothingByItselfWithoutTriggers() {
    Planned.Wanted wanted = wanted(ChangeKind.PUSH, MAIN, plan("shop"));

    assertThat(wanted.runs()).isEmpty();
    assertThat(wanted.problem()).contains("No pipeline");
  }

  @Test
  void saysWhatIsWrongWithThePipelineCode() {
    Planned.Wanted wanted =
        RunPlan.of(work("d", null), change(ChangeKind.PUSH, MAIN), failed("Shop.java:3: oops"));

    assertThat(wanted.problem()).isEqualTo("Shop.java:3: oops");
    assertThat(wanted(ChangeKind.PUSH, MAIN).problem()).contains("no pipeline code");
  }

  private static Planned.Wanted byHand(String delivery, VersionAnswer answer) {
    ManualStart start = new ManualStart(new PipelineName("shop"), null, null, null, null, null);
    return RunPlan.ofManual(work(delivery, start), start, answer);
  }

  @Test
  void givesANewRunForEachStartByHand() {
    VersionAnswer answer = ready(plan("shop", new TriggerSpec.Manual()));

    NewRun first = byHand("shop.1", answer).runs().getFirst();
    NewRun second = byHand("shop.2", answer).runs().getFirst();

    assertThat(first.key()).isNotEqualTo(second.key());
    assertThat(first.ref()).isEqualTo(MAIN);
    assertThat(first.commit()).isEqualTo(COMMIT);
    assertThat(first.cause().kind()).isEqualTo("manual");
  }

  @Test
  void buildsTheCommitThatWasFoundWhateverTheSenderCalledIt() {
    RefChange tag =
        new RefChange(
            ChangeKind.TAG, "refs/tags/v1", new CommitId("a".repeat(40)), null, null, null);
    RefChange unnamed = new RefChange(ChangeKind.TAG, "refs/tags/v1", null, null, null, null);
    VersionAnswer answer = ready(plan("shop", new TriggerSpec.Tag(List.of())));

    NewRun run = RunPlan.of(work("shop.1", null), tag, answer).runs().getFirst();

    assertThat(run.commit()).isEqualTo(COMMIT);
    assertThat(RunPlan.of(work("shop.2", null), unnamed, answer).runs().getFirst().key())
        .isEqualTo(run.key());
  }

  private static RefChange pull(String ref, boolean foreign) {
    PullRequest facts =
        new PullRequest(7, "Fix it", "mona", foreign, "refs/heads/fix", null, MAIN, null);
    return new RefChange(
        ChangeKind.PULL_REQUEST, ref, COMMIT, "mona", "Fix it", "main", null, null, facts);
  }

  private static VersionAnswer found(String ref, CommitId commit) {
    return new VersionAnswer(
        VersionAnswer.State.READY, null, ref, commit, null, null, List.of(), "mallory", "Fix it");
  }

  @Test
  void runsAForeignCommitWithThePipelinesOfTheBaseBranch() {
    CommitId head = new CommitId("b".repeat(40));
    String ref = "refs/pull/7/head";
    RefChange change = pull(ref, true);

    NewRun run =
        RunPlan.of(
                work("shop.1", null),
                change,
                found(ref, head),
                ready(plan("shop", new TriggerSpec.PullRequest())))
            .runs()
            .getFirst();

    assertThat(Origins.of(change).codeRef()).isEqualTo(MAIN);
    assertThat(run.ref()).isEqualTo(ref);
    assertThat(run.commit()).isEqualTo(head);
    assertThat(run.versionKey()).isEqualTo("key");
    assertThat(run.origin()).isEqualTo(new Origin(Trust.FOREIGN, 7L, MAIN, COMMIT, null));
  }

  @Test
  void saysWhatIsWrongWithAForeignCommitAndWithItsBaseBranch() {
    RefChange change = pull("refs/pull/7/head", true);
    VersionAnswer code = ready(plan("shop", new TriggerSpec.PullRequest()));
    VersionAnswer at = found("refs/pull/7/head", COMMIT);

    assertThat(RunPlan.of(work("d", null), change, failed("It is gone."), code).problem())
        .isEqualTo("It is gone.");
    assertThat(RunPlan.of(work("d", null), change, at, failed("Shop.java:3: oops")).problem())
        .isEqualTo("Shop.java:3: oops");
  }

  @Test
  void anInternalPullRequestUsesItsOwnPipelines() {
    NewRun run =
        RunPlan.of(
                work("shop.1", null),
                pull("refs/pull/7/head", false),
                ready(plan("shop", new TriggerSpec.PullRequest())))
            .runs()
            .getFirst();

    assertThat(run.origin()).isEqualTo(new Origin(Trust.INTERNAL, 7L, null, null, null));
    assertThat(run.key()).isEqualTo("shop|pull_request|refs/pull/7/head|" + COMMIT + "|shop");
  }

  @Test
  void namesThePullRequestInTheKeyWhereTheRefIsABranch() {
    NewRun run =
        RunPlan.of(
                work("shop.1", null),
                pull("refs/heads/fix", false),
                ready(plan("shop", new TriggerSpec.PullRequest())))
            .runs()
            .getFirst();

    assertThat(run.key()).isEqualTo("shop|pull_request|refs/heads/fix|7|" + COMMIT + "|shop");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-,trusted,-",
        "main,trusted,-",
        "refs/heads/pull/7/head,trusted,-",
        "refs/tags/v1,trusted,-",
        "refs/pull/7/head,foreign,7",
        "refs/pull/7/merge,foreign,7",
        "refs/merge-requests/8/head,foreign,8",
        "refs/pull-requests/9/from,foreign,9",
        "refs/changes/34/1234/2,foreign,1234",
        "refs/for/main,foreign,-"
      })
  void whatIsStartedByHandIsTrustedOnlyOnBranchesAndTags(
      @Nullable String ref, String trust, @Nullable Long pull) {
    ManualStart start = new ManualStart(new PipelineName("shop"), null, ref, null, null, "ann");

    Origin origin = Origins.of(start);

    assertThat(origin.trust().word()).isEqualTo(trust);
    assertThat(origin.pull()).isEqualTo(pull);
    assertThat(origin.codeRef()).isNull();
  }

  @Test
  void whatAForeignRunStartsIsForeignToo() {
    Origin foreign = new Origin(Trust.FOREIGN, 7L, MAIN, COMMIT, null);
    ManualStart start =
        new ManualStart(new PipelineName("shop"), null, null, null, null, "shop#1", null, foreign);
    CommitId head = new CommitId("b".repeat(40));

    NewRun run =
        RunPlan.ofManual(
                work("shop.1", start),
                start,
                found("refs/pull/7/head", head),
                ready(plan("shop", new TriggerSpec.Manual())))
            .runs()
            .getFirst();

    assertThat(run.commit()).isEqualTo(head);
    assertThat(run.ref()).isEqualTo("refs/pull/7/head");
    assertThat(run.origin()).isEqualTo(foreign);
  }

  @Test
  void givesTheSameRunForAStartByHandThatIsPlannedAgainAfterTheBranchMoved() {
    VersionAnswer answer = ready(plan("shop", new TriggerSpec.Manual()));
    VersionAnswer moved =
        new VersionAnswer(
            answer.state(),
            null,
            answer.ref(),
            new CommitId("f".repeat(40)),
            answer.versionKey(),
            answer.bundle(),
            answer.plans(),
            answer.author(),
            answer.subject());

    assertThat(byHand("shop.1", moved).runs().getFirst().key())
        .isEqualTo(byHand("shop.1", answer).runs().getFirst().key());
  }

  @Test
  void saysWhyAPipelineIsNotStartedByHand() {
    assertThat(byHand("d", ready(plan("shop", push()))).problem()).contains("manually()");
    assertThat(byHand("d", ready(plan("docs", push()))).problem()).contains("docs");
    assertThat(byHand("d", failed("oops")).problem()).isEqualTo("oops");
  }
}
