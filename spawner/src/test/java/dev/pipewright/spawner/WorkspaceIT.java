package dev.pipewright.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.spawner.queue.WorkspaceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of workspaces: shared by the launches of a run, kept for a time, removed. */
@Timeout(180)
class WorkspaceIT {
  private static final RunId FIRST = RunId.parse("shop#1");
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration KEEP = Duration.ofHours(1);

  private final Path data;
  private SpawnerFixture spawner;

  WorkspaceIT(@TempDir Path data) {
    this.data = data;
  }

  @BeforeEach
  void start() throws Exception {
    spawner = new SpawnerFixture(data, SpawnerFixture.FINISHES);
  }

  private void startWith(WorkspaceConfig config) throws Exception {
    spawner.end();
    spawner = new SpawnerFixture(data, SpawnerFixture.tells("failed"), null, config);
  }

  @AfterEach
  void stop() throws Exception {
    spawner.end();
  }

  private void push(int number) throws Exception {
    spawner.post("shop", "%s %040d refs/heads/main\n".formatted("0".repeat(40), number));
  }

  private LaunchEnd endOf(RunId run) {
    await().atMost(LONG).until(() -> spawner.state.endOf(run).isPresent());
    return spawner.state.endOf(run).orElseThrow();
  }

  private Path workspace(RunId run, int number) {
    return spawner.workspaces().resolve(Workspace.of("it", run, number).name().value());
  }

  private void awaitNoUnits() {
    await().atMost(LONG).until(() -> spawner.launcher().list().isEmpty());
  }

  private void awaitGone(Path folder) {
    await().atMost(LONG).until(() -> Files.notExists(folder));
  }

  private static void staysThere(Path folder) {
    await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> Files.isDirectory(folder));
  }

  @Test
  void removesTheWorkspaceOfARunThatSucceeded() throws Exception {
    push(1);

    assertThat(endOf(FIRST).workspaceUntil()).isNull();
    awaitGone(workspace(FIRST, 1));
    assertThat(spawner.launcher().workspaces()).isEmpty();
  }

  @Test
  void keepsTheWorkspaceOfARunThatFailedUntilTheTimeItSaid() throws Exception {
    spawner.engine(SpawnerFixture.tells("failed"));
    push(1);

    Instant until = endOf(FIRST).workspaceUntil();
    awaitNoUnits();
    assertThat(until)
        .isBetween(spawner.now().plus(KEEP).minus(LONG), spawner.now().plus(KEEP).plus(LONG));
    staysThere(workspace(FIRST, 1));

    spawner.passTime(KEEP.plusMinutes(1));
    awaitGone(workspace(FIRST, 1));
  }

  @Test
  void removesWhatWasKeptWhenItsTimeCameWhileItWasDown() throws Exception {
    spawner.engine(SpawnerFixture.tells("failed"));
    push(1);
    endOf(FIRST);
    awaitNoUnits();
    spawner.stop();

    spawner.passTime(KEEP.plusMinutes(1));
    spawner.start();

    awaitGone(workspace(FIRST, 1));
  }

  @Test
  void keepsTheWorkspaceOfAWaitingRunHoweverLongItWaits() throws Exception {
    spawner.engine(SpawnerFixture.tells("parked") + "exit 5\n");
    push(1);
    LaunchEnd end = endOf(FIRST);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.EXITED);
    assertThat(end.reason()).contains("waiting");
    awaitNoUnits();

    spawner.passTime(KEEP.multipliedBy(100));
    staysThere(workspace(FIRST, 1));

    spawner.state.queueAgain(FIRST, 1);
    await().atMost(LONG).until(() -> starts(FIRST, 1) == 2);
  }

  private int starts(RunId run, int number) throws Exception {
    Path file = workspace(run, number).resolve("run");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  @Test
  void continuesARunWhoseEngineDiedInTheSameWorkspace() throws Exception {
    spawner.state.continueRuns();
    spawner.engine(
        "echo x >>\"$PIPEWRIGHT_WORKSPACE/run\"\n"
            + "[ $(wc -l <\"$PIPEWRIGHT_WORKSPACE/run\") -gt 2 ] || kill -9 $$\n"
            + SpawnerFixture.tells("failed"));

    push(1);

    await().atMost(LONG).until(() -> starts(FIRST, 1) == 4);
  }

  @Test
  void givesARerunFromTheStartAnotherWorkspaceAndRemovesTheOldOneAtTheEnd() throws Exception {
    spawner.engine(SpawnerFixture.tells("failed"));
    push(1);
    endOf(FIRST);
    awaitNoUnits();

    spawner.state.queueAgain(FIRST, 2);

    await().atMost(LONG).until(() -> starts(FIRST, 2) == 1);
    awaitGone(workspace(FIRST, 1));
    staysThere(workspace(FIRST, 2));
  }

  @Test
  void removesTheWorkspaceOfARunNobodyKnows() throws Exception {
    spawner.engine(SpawnerFixture.tells("failed"));
    push(1);
    endOf(FIRST);
    awaitNoUnits();

    spawner.state.forget(FIRST);

    awaitGone(workspace(FIRST, 1));
  }

  @Test
  void keepsSoManyAndRemovesTheOldestFirst() throws Exception {
    startWith(new WorkspaceConfig(KEEP, 2, 0, SpawnerFixture.SWEEP));
    List<RunId> runs = List.of(FIRST, RunId.parse("shop#2"), RunId.parse("shop#3"));
    for (RunId run : runs) {
      push((int) run.number());
      endOf(run);
      awaitNoUnits();
    }

    awaitGone(workspace(runs.get(0), 1));
    staysThere(workspace(runs.get(1), 1));
    staysThere(workspace(runs.get(2), 1));
  }

  @Test
  void removesWhatItKeepsEarlyWhenTheDiskIsFull() throws Exception {
    startWith(new WorkspaceConfig(KEEP, 20, Long.MAX_VALUE, SpawnerFixture.SWEEP));
    push(1);
    endOf(FIRST);

    awaitGone(workspace(FIRST, 1));
  }

  @Test
  void endsTheUnitOfAnOldLaunchBeforeItStartsTheNextOne() throws Exception {
    spawner.engine(
        """
        cd "$PIPEWRIGHT_WORKSPACE"
        trap '' TERM
        [ ! -e alive ] || case "$(ps -o stat= -p $(cat alive))" in
          "" | Z*) ;;
          *) echo overlap >>overlaps ;;
        esac
        echo $$ >alive
        echo x >>run
        while :; do sleep 0.05; done
        """);
    push(1);
    await().atMost(LONG).until(() -> starts(FIRST, 1) == 1);

    spawner.state.queueAgain(FIRST, 1);
    await().atMost(LONG).until(() -> starts(FIRST, 1) == 2);

    assertThat(workspace(FIRST, 1).resolve("overlaps")).doesNotExist();
    assertThat(spawner.launcher().list()).hasSize(1);
    staysThere(workspace(FIRST, 1));
  }

  @Test
  void keepsItsUnitsWhileTheServerIsAwayAndGoesOnAfterwards() throws Exception {
    spawner.engine(
        "while [ ! -e \"$PIPEWRIGHT_WORKSPACE/go\" ]; do sleep 0.05; done\n"
            + SpawnerFixture.FINISHES);
    push(1);
    await().atMost(LONG).until(() -> spawner.state.unitOf(FIRST).isPresent());

    spawner.stateServer.goAway(true);
    staysThere(workspace(FIRST, 1));
    spawner.passTime(Duration.ofMinutes(5));
    staysThere(workspace(FIRST, 1));
    assertThat(spawner.launcher().list()).hasSize(1);
    spawner.stateServer.goAway(false);
    Files.createFile(workspace(FIRST, 1).resolve("go"));

    assertThat(endOf(FIRST).exitCode()).isZero();
  }
}
