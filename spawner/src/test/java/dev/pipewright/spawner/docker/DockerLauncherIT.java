package dev.pipewright.spawner.docker;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.Resources;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.SharingContract;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.testing.NeedsDocker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

@NeedsDocker
class DockerLauncherIT extends SharingContract {
  private static final String IMAGE =
      System.getenv().getOrDefault("PIPEWRIGHT_TEST_IMAGE", "pipewright/base:test");
  private static final String INSTANCE = "it-" + HexFormat.of().toHexDigits(new Random().nextInt());
  private static final Limits LIMITS =
      Limits.defaults(1).withDisk(1L << 30, 2L << 20).withMemory(96L << 20, 64);
  private static final DockerLauncherConfig CONFIG = withCallback("http://server:4711");

  private static DockerLauncherConfig withCallback(String callback) {
    return new DockerLauncherConfig(INSTANCE, null, callback, List.of("sh"), LIMITS);
  }

  @AfterAll
  static void removeNetworks() {
    try (DockerLauncher launcher = new DockerLauncher(CONFIG)) {
      launcher.removeNetworks();
    }
  }

  @Override
  protected Launcher newLauncher() {
    return new DockerLauncher(CONFIG);
  }

  @Override
  protected @Nullable String image() {
    return IMAGE;
  }

  @Override
  protected boolean hasContainers() {
    return true;
  }

  @Override
  protected String expectedServer() {
    return "http://server:4711";
  }

  @Override
  protected void killBehindItsBack(Launched unit) throws Exception {
    docker("kill", unit.unit().value());
  }

  @Override
  protected void removeBehindItsBack(Launched unit) throws Exception {
    docker("rm", "--force", unit.unit().value());
  }

  @Test
  void tellsThatAUnitRanOutOfMemory() throws Exception {
    Launched unit = launch(shell("head -c 300m /dev/zero | tail -c 299m >/dev/null; exit 1"));

    UnitEnd end = launcher.await(unit);

    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.OOM);
    assertThat(end.reason()).contains("96 MiB");
  }

  @Test
  void takesEveryPrivilegeFromTheContainer() throws Exception {
    Launched unit =
        launch(
            shell("grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; ls /var/run/docker.sock"));

    launcher.await(unit);

    assertThat(launcher.tail(unit, 1000))
        .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1")
        .contains("cannot access");
  }

  @Test
  void givesContainersASmallerShareOfTheProcessorsThanOthersHave() throws Exception {
    Launched unit = launch(shell("exit 0"));

    String shares = docker("inspect", "--format", "{{.HostConfig.CpuShares}}", unit.unit().value());

    assertThat(Integer.parseInt(shares.strip())).isBetween(2, 1023);
  }

  @Test
  void stopsAForkBomb() throws Exception {
    Launched unit =
        launch(shell("i=0; while [ $i -lt 200 ]; do sleep 30 & i=$((i+1)); done; exit 0"));

    assertThat(launcher.await(unit).exitCode()).isNotEqualTo(0);
    assertThat(launcher.tail(unit, 2000)).containsIgnoringCase("fork");
  }

  @Test
  void givesAnIsolatedUnitANetworkWithoutAWayOut() throws Exception {
    Launched open = launch(shell("exit 0"));
    Launched isolated = launch(isolated(shell("exit 0")));

    assertThat(isInternal(open)).isEqualTo("false");
    assertThat(isInternal(isolated)).isEqualTo("true");
  }

  @Test
  void aRunMayAskForLessThanTheServerAllowsButGetsNoMore() throws Exception {
    Limits most = CONFIG.limits();
    Launched modest = launch(asking(shell("sleep 60"), new Resources(64L << 20, 0.5)));
    launcher
        .sides()
        .start(
            new SideLaunch(
                new SideId(modest.unit(), modest.run(), modest.fence(), "beside"),
                modest.workspace(),
                "",
                IMAGE,
                List.of("sleep", "60")));
    String beside =
        docker("ps", "-q", "--filter", "label=" + Labels.BESIDE + "=" + modest.unit().value());

    assertThat(memoryAndCpus(modest.unit().value())).isEqualTo("67108864 500000000");
    assertThat(memoryAndCpus(beside.strip())).isEqualTo("67108864 500000000");
    Launched greedy =
        launch(asking(shell("exit 0"), new Resources(most.memoryBytes() * 2, most.cpus() + 1)));
    assertThat(memoryAndCpus(greedy.unit().value()))
        .isEqualTo(most.memoryBytes() + " " + (long) (most.cpus() * 1_000_000_000));
  }

  private static String memoryAndCpus(String container) throws Exception {
    return docker(
            "inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}", container)
        .strip();
  }

  private static LaunchRequest asking(LaunchRequest request, Resources resources) {
    return like(request, request.confinement(), resources);
  }

  private static LaunchRequest isolated(LaunchRequest request) {
    return like(request, Confinement.ISOLATED, request.resources());
  }

  private static LaunchRequest like(
      LaunchRequest request, Confinement confinement, @Nullable Resources resources) {
    return new LaunchRequest(
        request.unit(),
        request.run(),
        request.fence(),
        request.workspace(),
        request.token(),
        request.image(),
        confinement,
        request.deadline(),
        request.command(),
        resources);
  }

  private static String isInternal(Launched unit) throws Exception {
    String network =
        docker("inspect", "--format", "{{.HostConfig.NetworkMode}}", unit.unit().value()).strip();
    return docker("network", "inspect", "--format", "{{.Internal}}", network).strip();
  }

  @Test
  void letsAnIsolatedUnitReachTheServer() throws Exception {
    try (ServerSocket server = new ServerSocket(0);
        DockerLauncher reaching =
            new DockerLauncher(withCallback("http://{gateway}:" + server.getLocalPort()))) {
      Thread answer = Thread.ofVirtual().start(() -> greetOnce(server));
      LaunchRequest request =
          new LaunchRequest(
              shell("").unit(),
              RunId.parse("reach#1"),
              1,
              Workspace.of(INSTANCE, RunId.parse("reach#1"), 1),
              "token",
              IMAGE,
              Confinement.ISOLATED,
              Instant.EPOCH,
              List.of(
                  "bash",
                  "-c",
                  "to=${PIPEWRIGHT_SERVER#http://}; exec 3<>/dev/tcp/${to%:*}/${to#*:}; cat <&3"));
      Launched unit = reaching.launch(request);

      assertThat(reaching.await(unit).kind()).isEqualTo(LaunchEnd.Kind.EXITED);
      assertThat(reaching.tail(unit, 100)).isEqualTo("welcome");
      answer.join();
      reaching.release(unit, false);
    }
  }

  private static void greetOnce(ServerSocket server) {
    try (Socket visitor = server.accept()) {
      visitor.getOutputStream().write("welcome".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tellsWhichImageIsMissing() {
    LaunchRequest request = shell("exit 0");
    LaunchRequest missing =
        new LaunchRequest(
            request.unit(),
            request.run(),
            request.fence(),
            request.workspace(),
            request.token(),
            "pipewright/no-such-image:1",
            Confinement.USUAL,
            request.deadline(),
            request.command());

    assertThatThrownBy(() -> launcher.launch(missing))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("pipewright/no-such-image:1");
  }

  @Test
  void leavesNoContainerAndNoVolumeBehind() throws Exception {
    Launched unit = launch(shell("echo x >/workspace/file"));
    launcher.await(unit);

    launcher.release(unit, false);

    assertThat(docker("ps", "-aq", "--filter", "name=" + unit.unit())).isEmpty();
    assertThat(docker("volume", "ls", "-q", "--filter", "name=" + unit.workspace())).isEmpty();
  }
}
