package dev.pipewright.state;

import static dev.pipewright.state.Life.BUILD;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.finish;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.StatusSpec;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a forge is told of commits whose pipeline code was rejected before. */
class RejectedCodeTest {
  private static final SourceName HUB = new SourceName("hub");

  private Life life;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
    String url = "https://github.com/team/shop.git";
    life.cases.sources().register(new SourceSpec(HUB, url, "github", "s3cret", null, "main"));
    life.cases.statusTargets().set(HUB, new StatusSpec("ghp_of_the_shop", null));
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
    return Objects.requireNonNull(next().orElseThrow().status());
  }

  @Test
  void everyCommitWithCodeThatIsKnownToBeWrongIsRed() {
    NewRun usual = Life.ordered("code|k1|1", List.of(leaf("build")));
    PipelineName name = PipelineName.codeOf(HUB);
    Plan plan = new Plan(name, "Code", List.of(), null, usual.plan().steps());
    life.cases
        .runs()
        .create(
            new NewRun(
                usual.key(),
                HUB,
                "refs/heads/main",
                usual.commit(),
                new Cause("pipeline_code", "ann", null, null),
                "k1",
                usual.bundle(),
                plan,
                Map.of(),
                null,
                true,
                null,
                Origin.TRUSTED));
    life.claim();
    life.tell(begun(), start(BUILD), finish(BUILD, Outcome.FAILED), over(Outcome.FAILED));
    life.exit();
    CommitStatus first = status();
    assertThat(next()).isEmpty();

    CommitId later = new CommitId("a".repeat(40));
    answer(HUB, later, "another key");
    assertThat(next()).as("of code nobody has rejected").isEmpty();
    answer(HUB, usual.commit(), "k1");
    assertThat(next()).as("of the commit that was told of already").isEmpty();
    CommitId last = new CommitId("b".repeat(40));
    answer(HUB, last, "k1");
    CommitStatus told = status();

    assertThat(told.state()).isEqualTo(StatusState.FAILED);
    assertThat(told.commit()).isEqualTo(last);
    assertThat(told.ref()).isEqualTo("refs/heads/next");
    assertThat(told).usingRecursiveComparison().ignoringFields("commit", "ref").isEqualTo(first);
  }

  /** A Builder says that the code at a commit is wrong. */
  private void answer(SourceName source, CommitId commit, String key) {
    String ref = "refs/heads/next";
    life.cases.versions().resolve(new VersionRequest(source, ref, commit), Duration.ZERO);
    VersionWork work = life.cases.versions().claim(Duration.ZERO).orElseThrow();
    VersionAnswer wrong =
        new VersionAnswer(
            VersionAnswer.State.FAILED, "wrong", ref, commit, key, null, List.of(), null, null);
    life.cases.versions().resolved(new VersionResolved(work.id(), work.fence(), wrong));
  }
}
