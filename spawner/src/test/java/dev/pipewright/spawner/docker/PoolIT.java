package dev.pipewright.spawner.docker;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.testing.NeedsDocker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines that wait for their run, with a shell in the place of the engine. */
@NeedsDocker
@Timeout(180)
class PoolIT {
  private static final String IMAGE =
      System.getenv().getOrDefault("PIPEWRIGHT_TEST_IMAGE", "pipewright/base:test");
  private static final String INSTANCE =
      System.getProperty(
          "pool.instance", "po-" + HexFormat.of().toHexDigits(new Random().nextInt()));
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** Says how it was started and for what, counts its starts in the workspace, and stays. */
  private static final String ENGINE =
      """
      how=cold
      if [ "$1" = --standby ]; then
        how=warm
        [ -z "$PIPEWRIGHT_RUN_TOKEN" ] || exit 9
        read -r told || exit 6
        PIPEWRIGHT_RUN=$(expr "$told" : '.*"PIPEWRIGHT_RUN":"\\([^"]*\\)"')
        PIPEWRIGHT_RUN_TOKEN=$(expr "$told" : '.*"PIPEWRIGHT_RUN_TOKEN":"\\([^"]*\\)"')
      fi
      echo start >>"$PIPEWRIGHT_WORKSPACE/starts"
      starts=$(wc -l <"$PIPEWRIGHT_WORKSPACE/starts")
      echo "$how $PIPEWRIGHT_SERVER $PIPEWRIGHT_RUN $PIPEWRIGHT_RUN_TOKEN start $starts"
      exec sleep 300
      """;

  private static final DockerLauncherConfig CONFIG =
      new DockerLauncherConfig(
          INSTANCE,
          null,
          "http://server:4711",
          List.of("sh", "-c", ENGINE, "engine"),
          new Limits(96L << 20, 64, 1, 60L << 20, 1L << 20));

  private DockerLauncher launcher;

  /** Keeps two engines waiting until it is killed. */
  public static void main(String[] args) throws InterruptedException {
    DockerLauncher launcher = new DockerLauncher(CONFIG, 2);
    launcher.expect("base", IMAGE);
    Thread.sleep(Duration.ofMinutes(3));
    launcher.close();
  }

  @BeforeEach
  void open() throws Exception {
    launcher = new DockerLauncher(CONFIG, 1);
    launcher.expect("base", IMAGE);
    awaitWaiting(1);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    launcher.list().forEach(unit -> launcher.release(unit, false));
    launcher.workspaces().forEach(launcher::remove);
    launcher.close();
    assertThat(docker("ps", "-aq", "--filter", "label=dev.pipewright.instance=" + INSTANCE))
        .isEmpty();
    assertThat(
            docker("volume", "ls", "-q", "--filter", "label=dev.pipewright.instance=" + INSTANCE))
        .isEmpty();
  }

  @AfterAll
  static void removeNetworks() {
    try (DockerLauncher last = new DockerLauncher(CONFIG)) {
      last.removeNetworks();
    }
  }

  private static LaunchRequest request(RunId run, long fence) {
    return request(run, fence, Confinement.USUAL, List.of());
  }

  private static LaunchRequest request(
      RunId run, long fence, Confinement confinement, List<String> command) {
    return new LaunchRequest(
        UnitId.of(INSTANCE, run, fence),
        run,
        fence,
        Workspace.of(INSTANCE, run, 1),
        "the-token",
        IMAGE,
        confinement,
        Instant.parse("2030-01-02T03:04:05Z"),
        command);
  }

  private static RunId aRun() {
    return RunId.parse("pool#" + RUNS.incrementAndGet());
  }

  private void awaitOutput(Launched unit, String text) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(launcher.tail(unit, 1000)).contains(text));
  }

  private static void awaitWaiting(int count) {
    await().atMost(Duration.ofMinutes(1)).until(() -> waiting("running").size() == count);
  }

  private static List<String> waiting(String status) throws Exception {
    return docker(
            "ps",
            "-aq",
            "--no-trunc",
            "--filter",
            "label=dev.pipewright.instance=" + INSTANCE,
            "--filter",
            "name=pwstandby-",
            "--filter",
            "status=" + status)
        .lines()
        .toList();
  }

  private static String container(Launched unit) throws Exception {
    return docker("inspect", "--format", "{{.Id}}", unit.unit().value()).strip();
  }

  @Test
  void startsARunInAWaitingEngineOnceHoweverOftenItIsAsked() throws Exception {
    LaunchRequest request = request(aRun(), 1);
    String waiting = waiting("running").getFirst();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Launched>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(() -> launcher.launch(request));
      }
      for (var call : threads.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(request.launched());
      }
    }

    Launched unit = request.launched();
    awaitOutput(unit, "warm http://server:4711 %s the-token start 1\n".formatted(unit.run()));
    assertThat(container(unit)).isEqualTo(waiting);
    assertThat(launcher.tail(unit, 1000).lines()).hasSize(1);
  }

  @Test
  void findsAUnitThatWaitedAgainAfterARestartAndRemovesTheEnginesThatStillWait() throws Exception {
    Launched unit = launcher.launch(request(aRun(), 7));
    awaitOutput(unit, "warm");
    awaitWaiting(1);

    try (DockerLauncher next = new DockerLauncher(CONFIG)) {
      assertThat(next.list()).containsExactly(unit);
      assertThat(next.find(unit.unit())).contains(unit);
      await().atMost(Duration.ofMinutes(1)).until(() -> waiting("running").isEmpty());
      assertThat(next.tail(unit, 1000)).contains("start 1");

      next.stop(unit, Duration.ZERO);
      assertThat(next.await(unit).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
      next.release(unit, false);
      assertThat(next.list()).isEmpty();
      assertThat(next.workspaces()).isEmpty();
    }
  }

  @Test
  void usesAnEngineForOneRunOnlyAndReplacesIt() throws Exception {
    Launched first = launcher.launch(request(aRun(), 1));
    Launched second = launcher.launch(request(aRun(), 1));
    awaitWaiting(1);
    Launched third = launcher.launch(request(aRun(), 1));

    awaitOutput(first, "warm");
    awaitOutput(second, "start 1");
    awaitOutput(third, "warm");
    // The second came too early for the next engine, unless this thread was held up for long.
    long hits = launcher.ahead().hits();
    assertThat(hits).isBetween(2L, 3L);
    assertThat(launcher.ahead().misses()).isEqualTo(3 - hits);
    assertThat(launcher.ahead().made()).isBetween(hits, hits + 1);
    assertThat(launcher.ahead().removed()).isZero();
    assertThat(List.of(container(first), container(second), container(third)))
        .doesNotHaveDuplicates();
  }

  @Test
  void startsTheNextLaunchOfARunAsUsualAndInTheFilesOfTheFirst() throws Exception {
    RunId run = aRun();
    Launched first = launcher.launch(request(run, 1));
    awaitOutput(first, "warm");
    launcher.release(first, true);
    awaitWaiting(1);

    Launched second = launcher.launch(request(run, 2));

    awaitOutput(second, "cold http://server:4711 %s the-token start 2".formatted(run));
    Workspace workspace = Workspace.of(INSTANCE, run, 1);
    assertThat(launcher.workspaces()).containsExactly(workspace);
    assertThat(launcher.remove(workspace)).isFalse();
    launcher.release(second, true);
    assertThat(launcher.remove(workspace)).isTrue();
    assertThat(waiting("running")).hasSize(1);
  }

  @Test
  void startsConfinedRunsAndOtherCommandsAsUsual() {
    Launched isolated = launcher.launch(request(aRun(), 1, Confinement.ISOLATED, List.of()));
    Launched other =
        launcher.launch(
            request(aRun(), 1, Confinement.USUAL, List.of("sh", "-c", "echo other; sleep 300")));

    awaitOutput(isolated, "cold");
    awaitOutput(other, "other");
  }

  @Test
  void sharesTheFilesOfAnEngineThatWaitedWithContainersBesideIt() {
    Launched unit = launcher.launch(request(aRun(), 1));
    awaitOutput(unit, "warm");
    SideId side = new SideId(unit.unit(), unit.run(), unit.fence(), "look");

    launcher
        .sides()
        .start(
            new SideLaunch(
                side,
                unit.workspace(),
                "",
                IMAGE,
                List.of("cat", Containers.WORKSPACE + "/starts")));

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> launcher.sides().look(side).orElseThrow().state() == SideView.State.ENDED);
    assertThat(launcher.sides().output(side, 100)).isEqualTo("start\n");
  }

  @Test
  void startsAsUsualWhenTheWaitingEngineIsGone() throws Exception {
    docker("rm", "--force", waiting("running").getFirst());

    Launched unit = launcher.launch(request(aRun(), 1));

    awaitOutput(unit, "start 1");
  }

  @Test
  void leavesNoEngineWaitingWhenItsProcessIsKilled() throws Exception {
    Launched cutOff = request(aRun(), 1).launched();
    launcher.close();
    Process spawner = keepTwoWaiting();
    try {
      awaitWaiting(2);
      giveNameAndWorkspace(waiting("running").getFirst(), cutOff);
    } finally {
      spawner.destroyForcibly().waitFor();
    }

    await().atMost(Duration.ofMinutes(1)).until(() -> waiting("running").isEmpty());
    launcher = new DockerLauncher(CONFIG);
    await().atMost(Duration.ofMinutes(1)).until(() -> waiting("exited").isEmpty());
    assertThat(launcher.list()).containsExactly(cutOff);
    assertThat(launcher.await(cutOff).kind()).isEqualTo(LaunchEnd.Kind.START_FAILED);
  }

  /** As it is when a Spawner dies before it tells the run. */
  private static void giveNameAndWorkspace(String container, Launched unit) throws Exception {
    String name = docker("inspect", "--format", "{{.Name}}", container).strip().substring(1);
    List<String> line = new ArrayList<>(List.of("volume", "create"));
    Map<String, String> labels = new HashMap<>(Labels.of(INSTANCE, unit));
    labels.put("dev.pipewright.workspace.number", "1");
    labels.put("dev.pipewright.workspace.behind", name);
    labels.forEach((label, value) -> line.addAll(List.of("--label", label + "=" + value)));
    line.add(unit.workspace().value());
    docker(line.toArray(String[]::new));
    docker("rename", container, unit.unit().value());
  }

  private static Process keepTwoWaiting() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dpool.instance=" + INSTANCE,
            "-cp",
            System.getProperty("java.class.path"),
            PoolIT.class.getName())
        .inheritIO()
        .start();
  }
}
