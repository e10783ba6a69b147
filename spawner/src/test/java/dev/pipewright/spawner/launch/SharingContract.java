package dev.pipewright.spawner.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.SideView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every launcher keeps to about what launches and containers of one run share. */
public abstract class SharingContract extends LimitContract {

  @Test
  void endsTheUnitOfAnEarlierLaunchBeforeTheNextOneBegins() throws Exception {
    RunId run = aRun();
    Launched first =
        launch(
            request(
                run,
                "sh",
                "-c",
                "trap '' TERM; echo begun; while :; do date >>\"$PIPEWRIGHT_WORKSPACE/beats\"; sleep"
                    + " 0.02; done"));
    awaitOutput(first, "begun");

    Launched second =
        launch(
            request(
                run,
                "sh",
                "-c",
                "cd \"$PIPEWRIGHT_WORKSPACE\"; wc -l <beats; sleep 0.5; wc -l <beats; sleep 300"));

    assertThat(launcher.list()).contains(second).doesNotContain(first);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> launcher.tail(second, 1000).lines().count() == 2);
    List<String> beats = launcher.tail(second, 1000).lines().map(String::strip).toList();
    assertThat(beats.getFirst()).isEqualTo(beats.getLast());
    assertThat(launcher.await(first).kind()).isEqualTo(LaunchEnd.Kind.LOST);
  }

  @Test
  void doesNotTouchALaterLaunchWhenAnEarlierOneIsCleanedUp() throws Exception {
    RunId run = aRun();
    Launched first = launch(request(run, "sh", "-c", "exit 0"));
    launcher.await(first);
    Launched second =
        launch(
            request(
                run,
                "sh",
                "-c",
                "touch \"$PIPEWRIGHT_WORKSPACE/mine\"; sleep 300 & echo begun; wait"));
    awaitOutput(second, "begun");

    launcher.await(first);
    launcher.stop(first, Duration.ZERO);
    launcher.release(first, false);
    assertThat(launcher.remove(workspaceOf(second))).isFalse();

    assertThat(launcher.list()).contains(second).doesNotContain(first);
    assertThat(launcher.workspaces()).contains(workspaceOf(second));
    Thread watcher = Thread.ofVirtual().start(() -> awaitQuietly(second));
    assertThat(watcher.join(Duration.ofSeconds(1))).isFalse();
    watcher.interrupt();
  }

  private void awaitQuietly(Launched unit) {
    try {
      launcher.await(unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Workspace workspaceOf(Launched unit) {
    return new Workspace(unit.workspace(), unit.run(), 1);
  }

  @Test
  void startsNoLaunchThatIsOlderThanTheOneThatIsThere() throws Exception {
    RunId run = aRun();
    long earlier = FENCES.incrementAndGet();
    Launched later = launch(request(run, "sh", "-c", "echo begun; sleep 300"));
    awaitOutput(later, "begun");

    assertThatThrownBy(() -> launcher.launch(request(run, earlier, "sh", "-c", "exit 0")))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("later launch");

    assertThat(launcher.list()).contains(later);
    launcher.stop(later, Duration.ZERO);
    assertThat(launcher.await(later).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
  }

  @Test
  void listsWorkspacesAndRemovesThoseNobodyIsIn() throws Exception {
    Launched unit = launch(shell("exit 0"));
    launcher.await(unit);
    Workspace workspace = workspaceOf(unit);
    launcher.release(unit, true);
    assertThat(launcher.workspaces()).contains(workspace);

    assertThat(launcher.remove(workspace)).isTrue();
    assertThat(launcher.remove(workspace)).isTrue();

    assertThat(launcher.workspaces()).doesNotContain(workspace);
    assertThat(launcher.freeBytes()).isPresent();
  }

  @Test
  void callsALaunchThatLeftItsRunWaitingOrderly() throws Exception {
    UnitEnd end = launcher.await(launch(shell("exit 5")));

    assertThat(end.isOrderly()).isTrue();
    assertThat(end.reason()).contains("waiting");
  }

  /** True if it can start containers beside units. */
  protected abstract boolean hasContainers();

  @Test
  void startsAContainerBesideAUnitOrSaysWhyNot() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));
    awaitOutput(unit, "begun");
    SideId side = new SideId(unit.unit(), unit.run(), unit.fence(), "lint");
    SideLaunch start =
        new SideLaunch(
            side,
            unit.workspace(),
            "",
            image() == null ? "node:22" : image(),
            List.of("sh", "-c", "sleep 300"));

    if (hasContainers()) {
      launcher.sides().start(start);
      assertThat(launcher.sides().list()).contains(side);
      assertThat(launcher.sides().look(side).orElseThrow().state())
          .isEqualTo(SideView.State.RUNNING);
    } else {
      assertThatThrownBy(() -> launcher.sides().start(start))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("node:22 needs containers");
    }
    launcher.sides().remove(side);
    launcher.sides().remove(side);

    assertThat(launcher.sides().look(side)).isEmpty();
    assertThat(launcher.sides().list()).doesNotContain(side);
  }
}
