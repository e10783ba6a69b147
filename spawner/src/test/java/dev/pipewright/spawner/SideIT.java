package dev.pipewright.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.spawner.queue.WorkspaceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How wishes for containers beside engines are followed. */
@Timeout(180)
class SideIT {
  private static final RunId RUN = RunId.parse("shop#1");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Path data;
  private final FakeSides sides = new FakeSides();
  private SpawnerFixture spawner;

  SideIT(@TempDir Path data) {
    this.data = data;
  }

  @BeforeEach
  void startARun() throws Exception {
    spawner =
        new SpawnerFixture(
            data,
            "sleep 300\n",
            sides,
            new WorkspaceConfig(Duration.ofHours(1), 20, 0, SpawnerFixture.SWEEP));
    spawner.post("shop", "%s %s refs/heads/main\n".formatted("0".repeat(40), "a".repeat(40)));
    await().atMost(LONG).until(() -> spawner.state.unitOf(RUN).isPresent());
  }

  @AfterEach
  void stop() throws Exception {
    spawner.end();
  }

  private SideId id() {
    long fence = spawner.state.fenceOf(RUN);
    return new SideId(UnitId.of("it", RUN, fence), RUN, fence, "db");
  }

  private SideWork work(SideWork.Order order, String image) {
    return new SideWork(order, RUN, 1, id().fence(), "db", "db", image, List.of(), 1);
  }

  private SideReport report(
      SideView.State state, @Nullable Integer exitCode, @Nullable String reason) {
    return new SideReport(id().fence(), "db", state, exitCode, reason, null);
  }

  /** Of one that was there, and had printed something. */
  private SideReport last(SideView.State state, @Nullable Integer exitCode, String reason) {
    return new SideReport(id().fence(), "db", state, exitCode, reason, "printed by db");
  }

  private void awaitReports(SideReport... reports) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(spawner.state.sideReports()).containsExactly(reports));
  }

  @Test
  void reportsAServiceOnceItIsHealthyAndWhenItEnds() {
    spawner.state.want(work(SideWork.Order.START, "postgres:17"));
    await().atMost(LONG).until(() -> sides.list().contains(id()));
    assertThat(sides.started())
        .containsExactly(
            new SideLaunch(
                id(), Workspace.of("it", RUN, 1).name(), "db", "postgres:17", List.of()));
    assertThat(spawner.state.sideReports()).isEmpty();

    sides.become(id(), new SideStatus(SideView.State.RUNNING, null, null));
    awaitReports(report(SideView.State.RUNNING, null, null));
    sides.become(id(), new SideStatus(SideView.State.FAILED, null, "too busy for a check"));
    sides.become(id(), new SideStatus(SideView.State.ENDED, 1, "gone wrong"));

    awaitReports(
        report(SideView.State.RUNNING, null, null), last(SideView.State.ENDED, 1, "gone wrong"));
    await().atMost(LONG).until(() -> sides.list().isEmpty());
  }

  @Test
  void saysWhyOneCouldNotBeStarted() {
    spawner.state.want(work(SideWork.Order.START, "missing"));

    awaitReports(report(SideView.State.FAILED, null, "The image missing is not there."));
  }

  @Test
  void saysThatAServiceDidNotBecomeHealthyAndRemovesIt() {
    spawner.state.want(work(SideWork.Order.START, "postgres:17"));
    await().atMost(LONG).until(() -> sides.list().contains(id()));

    sides.become(id(), new SideStatus(SideView.State.FAILED, null, "no pulse"));

    awaitReports(last(SideView.State.FAILED, null, "no pulse"));
    await().atMost(LONG).until(() -> sides.list().isEmpty());
  }

  @Test
  void startsOneHoweverOftenItIsOffered() {
    for (int i = 0; i < 5; i++) {
      spawner.state.want(work(SideWork.Order.START, "postgres:17"));
    }
    spawner.state.want(work(SideWork.Order.STOP, "postgres:17"));

    await().atMost(LONG).until(() -> !spawner.state.sideReports().isEmpty());
    assertThat(sides.started()).hasSizeLessThanOrEqualTo(1);
    assertThat(sides.list()).isEmpty();
  }

  @Test
  void endsOneThatIsNotNeededAnyMoreAlsoIfItWasNeverThere() {
    spawner.state.want(work(SideWork.Order.START, "postgres:17"));
    await().atMost(LONG).until(() -> sides.list().contains(id()));

    spawner.state.want(work(SideWork.Order.STOP, "postgres:17"));
    SideReport ended = last(SideView.State.ENDED, null, "It was not needed any more.");
    awaitReports(ended);
    spawner.state.want(work(SideWork.Order.STOP, "postgres:17"));

    awaitReports(ended, report(SideView.State.ENDED, null, "It was not needed any more."));
    assertThat(sides.list()).isEmpty();
  }

  @Test
  void followsOneAgainAfterARestart() throws Exception {
    spawner.state.want(work(SideWork.Order.START, "postgres:17"));
    await().atMost(LONG).until(() -> sides.list().contains(id()));
    spawner.stop();
    sides.become(id(), new SideStatus(SideView.State.RUNNING, null, null));

    spawner.start();

    awaitReports(report(SideView.State.RUNNING, null, null));
    assertThat(sides.list()).containsExactly(id());
  }

  @Test
  void removesOneWhoseUnitIsGone() {
    SideId stray = new SideId(UnitId.of("it", RUN, 999), RUN, 999, "db");

    sides.become(stray, new SideStatus(SideView.State.RUNNING, null, null));

    await().atMost(LONG).until(() -> sides.list().isEmpty());
  }

  @Test
  void startsNoneForALaunchThatIsOver() {
    SideWork late =
        new SideWork(SideWork.Order.START, RUN, 1, 999, "db", "db", "postgres:17", List.of(), 1);

    spawner.state.want(late);

    awaitReports(
        new SideReport(
            999, "db", SideView.State.FAILED, null, "The launch it belongs to is over.", null));
    assertThat(sides.started()).isEmpty();
  }
}
