package dev.pipewright.spawner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.run.Resources;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.testing.NeedsDocker;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile programs in the place of an engine, each beside a well-behaved run. */
@NeedsDocker
@Timeout(180)
class LimitsIT {
  private static final String IMAGE =
      System.getenv().getOrDefault("PIPEWRIGHT_TEST_IMAGE", "pipewright/base:test");
  private static final String INSTANCE = "il-" + HexFormat.of().toHexDigits(new Random().nextInt());
  private static final DockerLauncherConfig CONFIG =
      new DockerLauncherConfig(
          INSTANCE,
          null,
          "http://server:4711",
          List.of("sh"),
          new Limits(96L << 20, 64, 1, 60L << 20, 1L << 20));

  private DockerLauncher launcher;
  private Launched neighbour;

  @BeforeEach
  void startTheNeighbour() {
    launcher = new DockerLauncher(CONFIG);
    neighbour = start("neighbour", "echo begun; sleep 300");
  }

  @AfterEach
  void theNeighbourIsUnharmed() throws Exception {
    assertThat(launcher.tail(neighbour, 100)).contains("begun");
    launcher.stop(neighbour, Duration.ZERO);
    assertThat(launcher.await(neighbour).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
    launcher.list().forEach(unit -> launcher.release(unit, false));
    launcher.close();
  }

  @AfterAll
  static void removeNetworks() {
    try (DockerLauncher last = new DockerLauncher(CONFIG)) {
      last.removeNetworks();
    }
  }

  private Launched start(String name, String script) {
    return start(name, script, null);
  }

  private Launched start(String name, String script, @Nullable Resources resources) {
    RunId run = RunId.parse(name + "#1");
    return launcher.launch(
        new LaunchRequest(
            UnitId.of(INSTANCE, run, 1),
            run,
            1,
            Workspace.of(INSTANCE, run, 1),
            "the-token",
            IMAGE,
            Confinement.USUAL,
            Instant.parse("2030-01-02T03:04:05Z"),
            List.of("sh", "-c", script),
            resources));
  }

  private UnitEnd endOf(String script) throws InterruptedException {
    return launcher.await(start("hostile", script));
  }

  @Test
  void theEndlessAppendInTheWorkspaceEndsAtTheLimitOfDisk() throws Exception {
    UnitEnd end = endOf("while :; do head -c 4m /dev/zero >>/workspace/endless; sleep 0.02; done");

    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.DISK);
    assertThat(end.reason()).contains("its limit is 60 MiB", "--disk");
  }

  @Test
  void theEndlessAppendBesideTheWorkspaceEndsAtTheLimitOfDisk() throws Exception {
    UnitEnd end = endOf("while :; do head -c 4m /dev/zero >>/var/tmp/endless; sleep 0.02; done");

    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.DISK);
  }

  @Test
  void theForkBombEndsAtTheLimitOfProcesses() throws Exception {
    UnitEnd end = endOf("exec perl -e 'while (1) { fork }'");

    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.PROCESSES);
    assertThat(end.reason()).contains("more than 64 processes", "--processes");
  }

  @Test
  void theMemoryHogRunsOutOfMemory() throws Exception {
    UnitEnd end = endOf("exec perl -e 'while (1) { push @hog, \"x\" x 1000000 }'");

    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.OOM);
    assertThat(end.reason()).contains("96 MiB", "--memory");
  }

  @Test
  void whatItsPipelineLimitsIsToldSo() throws Exception {
    String hog = "exec perl -e 'while (1) { push @hog, \"x\" x 1000000 }'";
    UnitEnd end = launcher.await(start("modest", hog, new Resources(64L << 20, null)));

    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.OOM);
    assertThat(end.reason()).contains("may use 64 MiB", "memory(...)", "allows 96 MiB");
  }

  @Test
  void theLogFloodEndsAtTheLimitOfOutput() throws Exception {
    UnitEnd end = endOf("exec yes 'nothing to say, but at length'");

    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.OUTPUT);
    assertThat(end.reason()).contains("more than 1 MiB", "--engine-output");
  }

  @Test
  void aHostileContainerBesideTheEngineEndsAloneAndWithItsReason() throws Exception {
    SideId id = new SideId(neighbour.unit(), neighbour.run(), neighbour.fence(), "lint");
    launcher
        .sides()
        .start(
            new SideLaunch(
                id,
                neighbour.workspace(),
                "",
                IMAGE,
                List.of("sh", "-c", "while :; do head -c 4m /dev/zero >>/var/tmp/endless; done")));

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> launcher.sides().look(id).orElseThrow().isOver());

    SideStatus status = launcher.sides().look(id).orElseThrow();
    assertThat(status.state()).isEqualTo(SideView.State.ENDED);
    assertThat(status.reason()).contains("its limit is 60 MiB");
  }
}
