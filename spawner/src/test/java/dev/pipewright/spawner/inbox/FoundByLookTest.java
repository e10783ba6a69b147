package dev.pipewright.spawner.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs of changes of which nobody told, and what only the commit itself can tell. */
class FoundByLookTest {
  private static final CommitId COMMIT = new CommitId("a".repeat(40));
  private static final String MAIN = "refs/heads/main";
  private static final String PULL = "refs/pull/7/head";
  private static final DeliveryWork WORK =
      new DeliveryWork("shop.1", new SourceName("shop"), List.of(), null, Map.of(), null, 1);

  private static VersionAnswer ready() {
    List<TriggerSpec> triggers =
        List.of(new TriggerSpec.Push(List.of()), new TriggerSpec.PullRequest());
    Plan plan = new Plan(new PipelineName("shop"), "Definition", triggers, null, List.of());
    return new VersionAnswer(
        VersionAnswer.State.READY,
        null,
        MAIN,
        COMMIT,
        "key",
        BlobDigest.of(new byte[0]),
        List.of(plan),
        null,
        null);
  }

  private static RefChange change(ChangeKind kind, String ref) {
    return new RefChange(kind, ref, COMMIT, null, null, null);
  }

  @Test
  void startsNothingForACommitWhoseMessageAsksForNoRun() {
    VersionAnswer asking = ready().madeBy("ann", "Wip", "[skip ci]");

    for (ChangeKind kind : List.of(ChangeKind.PUSH, ChangeKind.PULL_REQUEST)) {
      Planned.Wanted wanted = RunPlan.of(WORK, change(kind, MAIN), asking);
      assertThat(wanted.runs()).isEmpty();
      assertThat(wanted.problem()).isEqualTo("The commit message says [skip ci].");
    }
  }

  @Test
  void buildsWhatAMergeQueueWaitsForWhateverItsMessageSays() {
    VersionAnswer asking = ready().madeBy("ann", "Wip", "[skip ci]");

    assertThat(RunPlan.of(WORK, change(ChangeKind.MERGE_GROUP, MAIN), asking).runs()).hasSize(1);
  }

  @Test
  void aPullRequestThatWasFoundByLookingIsTheSameRunAsThatOfItsWebhook() {
    PullRequest pull = new PullRequest(7, "Add", "ann", true, null, null, MAIN, null);
    RefChange hook =
        new RefChange(
            ChangeKind.PULL_REQUEST, PULL, COMMIT, "ann", "Add", "main", null, null, pull);

    NewRun told = RunPlan.of(WORK, hook, ready()).runs().getFirst();
    NewRun found =
        RunPlan.of(WORK, change(ChangeKind.PULL_REQUEST, PULL), ready()).runs().getFirst();

    assertThat(found.key()).isEqualTo(told.key());
    assertThat(found.origin()).isEqualTo(told.origin());
    assertThat(found.origin().pull()).isEqualTo(7);
  }
}
