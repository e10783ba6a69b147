package dev.pipewright.spawner.docker;

import static dev.pipewright.testing.DockerCommand.build;
import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.testing.NeedsDocker;
import dev.pipewright.testing.NeedsRoot;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers beside a container, with a shell in the place of the engine. */
@NeedsDocker
@Timeout(180)
class SideContainersIT {
  private static final String IMAGE =
      System.getenv().getOrDefault("PIPEWRIGHT_TEST_IMAGE", "pipewright/base:test");
  private static final String INSTANCE = "is-" + HexFormat.of().toHexDigits(new Random().nextInt());
  private static final String GREETER = "pipewright/greeter:" + INSTANCE;
  private static final String LISTENER = "pipewright/listener:" + INSTANCE;
  private static final String SICK = "pipewright/sick:" + INSTANCE;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final DockerLauncherConfig CONFIG =
      new DockerLauncherConfig(
          INSTANCE,
          null,
          "http://server:4711",
          List.of("sh"),
          Limits.defaults(1).withMemory(96L << 20, 64));

  /** Answers on port 7000 once there is a file /tmp/go, as another user than root. */
  private static final String GREET =
      """
      FROM %s
      RUN printf '%%s\\n' 'use IO::Socket::INET;' '$( = $) = "65534 65534"; $< = $> = 65534;' \\
        'sleep 1 until -e "/tmp/go"; my $s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1);' \\
        'while (my $c = $s->accept) { print $c "hello from $<\\n"; close $c }' >/greet.pl
      VOLUME /data
      HEALTHCHECK --interval=200ms --start-period=60s \\
        CMD bash -c 'exec 3<>/dev/tcp/127.0.0.1/7000'
      CMD ["perl", "/greet.pl"]
      """;

  /** The same without a health check, but with a port. */
  private static final String LISTEN =
      """
      FROM %s
      EXPOSE 7000
      HEALTHCHECK NONE
      """;

  private static final String COUGH =
      """
      FROM %s
      HEALTHCHECK --interval=200ms --retries=2 CMD echo no pulse; exit 1
      CMD ["sleep", "300"]
      """;

  private DockerLauncher launcher;
  private Sides sides;
  private Launched unit;

  @BeforeAll
  static void makeImages() throws Exception {
    build(GREETER, GREET.formatted(IMAGE));
    build(SICK, COUGH.formatted(IMAGE));
    build(LISTENER, LISTEN.formatted(GREETER));
  }

  @AfterAll
  static void removeImages() throws Exception {
    docker("rmi", "--force", LISTENER, GREETER, SICK);
    try (DockerLauncher launcher = new DockerLauncher(CONFIG)) {
      launcher.removeNetworks();
    }
  }

  @BeforeEach
  void launch() {
    launcher = new DockerLauncher(CONFIG);
    sides = launcher.sides();
    unit = launcher.launch(request(1));
  }

  @AfterEach
  void release() {
    launcher.list().forEach(any -> launcher.release(any, false));
    launcher.close();
  }

  private static LaunchRequest request(long fence) {
    RunId run = RunId.parse("beside#1");
    return new LaunchRequest(
        UnitId.of(INSTANCE, run, fence),
        run,
        fence,
        Workspace.of(INSTANCE, run, 1),
        "the-token",
        IMAGE,
        Confinement.USUAL,
        Instant.parse("2030-01-02T03:04:05Z"),
        List.of("sh", "-c", "echo shared >/workspace/file; sleep 300"));
  }

  private SideId id(String key) {
    return new SideId(unit.unit(), unit.run(), unit.fence(), key);
  }

  private SideLaunch step(String key, String script) {
    return new SideLaunch(id(key), unit.workspace(), "", IMAGE, List.of("sh", "-c", script));
  }

  private SideLaunch service(String key, String name, String image) {
    return new SideLaunch(id(key), unit.workspace(), name, image, List.of());
  }

  private SideStatus awaitState(String key, SideView.State state) {
    await()
        .atMost(PATIENCE)
        .until(() -> sides.look(id(key)).filter(now -> now.state() == state).isPresent());
    return sides.look(id(key)).orElseThrow();
  }

  private List<String> containers() throws Exception {
    return docker("ps", "-aq", "--filter", "label=dev.pipewright.instance=" + INSTANCE)
        .lines()
        .toList();
  }

  @Test
  void runsACommandOnTheWorkspaceOfTheUnitAndTellsItsEnd() {
    sides.start(step("lint", "sleep 0.5; cat file; pwd; echo made >beside; exit 3"));

    SideStatus end = awaitState("lint", SideView.State.ENDED);

    assertThat(end.exitCode()).isEqualTo(3);
    assertThat(end.reason()).contains("exit code 3").contains("Its last words: /workspace");
    assertThat(execInUnit("cat /workspace/beside")).isEqualTo("made\n");
  }

  @Test
  void whatRanBesideAUnitCountsWithIt() throws Exception {
    FutureTask<UnitEnd> end = new FutureTask<>(() -> launcher.await(unit));
    Thread.ofVirtual().start(end);
    sides.start(
        step("lint", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; sleep 0.5; exit 3"));
    SideStatus unused = awaitState("lint", SideView.State.ENDED);
    sides.remove(id("lint"));
    launcher.stop(unit, Duration.ZERO);
    assertThat(end.get(1, TimeUnit.MINUTES).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);

    ResourceUse used = Objects.requireNonNull(launcher.used(unit));

    assertThat(used.cpuMillis()).isGreaterThan(150);
    assertThat(used.memoryPeak()).isPositive();
  }

  private static void letServiceListen() throws Exception {
    String service =
        docker(
            "ps",
            "-q",
            "--filter",
            "label=dev.pipewright.instance=" + INSTANCE,
            "--filter",
            "ancestor=" + GREETER);
    assertThat(docker("exec", service.strip(), "touch", "/tmp/go")).isEmpty();
  }

  @Test
  void runsServicesTheUnitReachesByNameOnceTheyAreHealthy() throws Exception {
    sides.start(service("db", "db", GREETER));

    assertThat(sides.look(id("db")).orElseThrow().state()).isEqualTo(SideView.State.STARTING);
    letServiceListen();
    awaitState("db", SideView.State.RUNNING);

    String greeting = "bash -c 'cat </dev/tcp/db/7000'";
    assertThat(execInUnit(greeting)).isEqualTo("hello from 65534\n");
    sides.start(step("client", greeting + "; sleep 0.2"));
    assertThat(awaitState("client", SideView.State.ENDED).reason()).contains("hello from 65534");
  }

  @Test
  void whatWasKilledForWantOfMemoryIsToldSo() {
    sides.start(
        step(
            "hog",
            "perl -e '$x .= chr(65) x 1e6 for 1..400; sleep 9' & wait $!; code=$?; exit $code"));

    SideStatus end = awaitState("hog", SideView.State.ENDED);

    assertThat(end.exitCode()).isEqualTo(137);
    assertThat(end.reason()).startsWith("It ran out of memory: it may use 96 MiB.");
  }

  @Test
  @NeedsRoot
  void waitsUntilAServiceWithoutAHealthCheckListensOnItsPort() throws Exception {
    sides.start(service("db", "db", LISTENER));

    assertThat(sides.look(id("db")).orElseThrow().state()).isEqualTo(SideView.State.STARTING);
    letServiceListen();
    awaitState("db", SideView.State.RUNNING);

    assertThat(execInUnit("bash -c 'cat </dev/tcp/db/7000'")).startsWith("hello");
  }

  @Test
  void saysWhyAServiceIsNotHealthy() {
    sides.start(service("db", "db", SICK));

    assertThat(awaitState("db", SideView.State.FAILED).reason())
        .contains("did not become healthy")
        .contains("no pulse");
  }

  @Test
  void saysWhichImageTheHostDoesNotHave() {
    assertThatThrownBy(() -> sides.start(service("db", "db", "pipewright/no-such-image:1")))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("docker pull pipewright/no-such-image:1");

    assertThat(sides.list()).isEmpty();
  }

  @Test
  void refusesWhatCannotNameAHost() {
    assertThatThrownBy(() -> sides.start(service("db", "db; touch /pwned", GREETER)))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("cannot name a host");
  }

  @Test
  void givesAStepNoMoreRightsThanTheEngineHas() {
    sides.start(
        step("rights", "grep -E 'CapEff|NoNewPrivs' /proc/self/status | tr '\\n' ' '; sleep 0.3"));

    assertThat(awaitState("rights", SideView.State.ENDED).reason())
        .contains("CapEff: 0000000000000000")
        .contains("NoNewPrivs: 1");
  }

  @Test
  void startsOneContainerHoweverOftenItIsAsked() throws Exception {
    SideLaunch once = step("once", "echo x >>/workspace/starts; sleep 300");
    sides.start(once);
    sides.start(once);

    assertThat(containers()).hasSize(2);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(execInUnit("cat /workspace/starts")).isEqualTo("x\n"));
  }

  @Test
  void endsWithItsUnitAndLeavesNothing() throws Exception {
    sides.start(service("db", "db", GREETER));
    sides.start(step("lint", "sleep 300"));
    docker("kill", unit.unit().value());

    launcher.await(unit);

    assertThat(sides.list()).isEmpty();
    launcher.release(unit, false);
    assertThat(containers()).isEmpty();
    assertThat(launcher.workspaces()).isEmpty();
    assertThat(
            docker("volume", "ls", "-q", "--filter", "dangling=true", "--filter", "name=^pw-ws-"))
        .doesNotContain(unit.workspace().value());
  }

  @Test
  void tellsWhatItPrintedLast() {
    sides.start(step("lint", "seq 1 50000; echo the end"));
    await().atMost(PATIENCE).until(() -> sides.look(id("lint")).orElseThrow().isOver());

    assertThat(sides.output(id("lint"), 20)).hasSize(20).endsWith("50000\nthe end\n");
    sides.remove(id("lint"));
    assertThat(sides.output(id("lint"), 20)).isEmpty();
  }

  @Test
  void isGoneBeforeTheNextLaunchOfTheRunBegins() throws Exception {
    sides.start(step("lint", "sleep 300"));

    Launched next = launcher.launch(request(2));

    assertThat(sides.list()).isEmpty();
    assertThat(containers()).hasSize(1);
    assertThat(launcher.list()).containsExactly(next);
  }

  @Test
  void startsNothingBesideAUnitThatHasEnded() throws Exception {
    docker("kill", unit.unit().value());
    launcher.await(unit);

    assertThatThrownBy(() -> sides.start(step("late", "sleep 300")))
        .isInstanceOf(LaunchException.class);

    assertThat(sides.list()).isEmpty();
  }

  @Test
  void isFoundAgainAfterARestart() {
    sides.start(step("lint", "sleep 300"));
    launcher.close();

    launcher = new DockerLauncher(CONFIG);
    sides = launcher.sides();

    assertThat(sides.list()).containsExactly(id("lint"));
    assertThat(sides.look(id("lint")).orElseThrow().state()).isEqualTo(SideView.State.RUNNING);
  }

  private String execInUnit(String script) {
    return docker("exec", unit.unit().value(), "sh", "-c", script);
  }
}
