package dev.pipewright.spawner.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChangedPathsTest {
  private static final CommitId COMMIT = new CommitId("a".repeat(40));
  private static final CommitId BEFORE = new CommitId("b".repeat(40));
  private static final String MAIN = "refs/heads/main";

  private static Plan plan(String name, List<String> only, List<String> ignored) {
    TriggerSpec.Paths paths =
        new TriggerSpec.Paths(
            only.stream().map(GlobPattern::new).toList(),
            ignored.stream().map(GlobPattern::new).toList());
    return new Plan(
        new PipelineName(name),
        "Definition",
        List.of(new TriggerSpec.Push(List.of(), paths), new TriggerSpec.Tag(List.of())),
        null,
        List.of());
  }

  private static RefChange change(ChangeKind kind, String ref, @Nullable CommitId before) {
    return new RefChange(kind, ref, COMMIT, null, null, null, before, null, null);
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

  @ParameterizedTest
  @CsvSource({
    "docs/a.md, false",
    "docs/a.md README.md, false",
    "docs/a.md src/A.java, true",
    "src/deep/A.java, true",
    "src/notes.md, false",
    "build.sh, false",
    "'', true",
  })
  void aChangeOfFilesThatDoNotCountStartsNothing(String changed, boolean starts) {
    Plan plan = plan("shop", List.of("src/**", "docs/**"), List.of("docs/**", "**.md"));
    List<String> files = changed.isEmpty() ? List.of() : List.of(changed.split(" ", -1));
    DeliveryWork work =
        new DeliveryWork("shop.1", new SourceName("shop"), List.of(), null, Map.of(), null, 1);

    Planned.Wanted wanted =
        RunPlan.of(work, change(ChangeKind.PUSH, MAIN, BEFORE), ready(plan).changing(files));

    assertThat(wanted.runs()).hasSize(starts ? 1 : 0);
    assertThat(wanted.problem())
        .isEqualTo(starts ? null : "This change is of files only that are passed over by: shop.");
  }

  @Test
  void filesAreAskedForOnlyIfATriggerOfTheChangeNeedsThem() {
    Plan choosy = plan("choosy", List.of(), List.of("docs/**"));
    Plan plain = plan("plain", List.of(), List.of());
    RefChange push = change(ChangeKind.PUSH, MAIN, BEFORE);

    assertThat(RunPlan.since(push, ready(plain, choosy))).contains(BEFORE);
    assertThat(RunPlan.since(push, ready(plain))).isEmpty();
    assertThat(RunPlan.since(change(ChangeKind.PUSH, MAIN, null), ready(choosy))).isEmpty();
    assertThat(RunPlan.since(change(ChangeKind.TAG, "refs/tags/v1", BEFORE), ready(choosy)))
        .isEmpty();
  }
}
