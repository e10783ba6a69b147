package dev.pipewright.spawner.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.ResourceUse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every launcher keeps to, tried with a shell in the place of the engine. A subclass says
 * which launcher, and how somebody else kills a unit behind its back.
 */
@Timeout(180)
public abstract class LauncherContract {
  private static final Duration GRACE = Duration.ofSeconds(5);
  static final AtomicLong FENCES = new AtomicLong(System.nanoTime());
  private final List<Launched> launched = new ArrayList<>();
  protected Launcher launcher;

  @BeforeEach
  void open() {
    launcher = newLauncher();
  }

  @AfterEach
  void releaseAll() {
    launched.forEach(unit -> launcher.release(unit, false));
    launcher.close();
  }

  /** A new launcher of the instance all tests of the class share. */
  protected abstract Launcher newLauncher();

  /** The image of the units; null where none is needed. */
  protected abstract @Nullable String image();

  /** The server address a unit is to be given. */
  protected abstract String expectedServer();

  /** Ends the unit as an outsider would, without the launcher knowing. */
  protected abstract void killBehindItsBack(Launched unit) throws Exception;

  /** Removes every trace of the unit, without the launcher knowing. */
  protected abstract void removeBehindItsBack(Launched unit) throws Exception;

  LaunchRequest request(RunId run, String... command) {
    return request(run, FENCES.incrementAndGet(), command);
  }

  LaunchRequest request(RunId run, long fence, String... command) {
    return new LaunchRequest(
        UnitId.of("contract", run, fence),
        run,
        fence,
        Workspace.of("contract", run, 1),
        "the-token",
        image(),
        Confinement.USUAL,
        Instant.parse("2030-01-02T03:04:05Z"),
        List.of(command));
  }

  static RunId aRun() {
    return RunId.parse("contract#" + FENCES.incrementAndGet());
  }

  protected LaunchRequest shell(String script) {
    return request(aRun(), "sh", "-c", script);
  }

  protected Launched launch(LaunchRequest request) {
    Launched unit = launcher.launch(request);
    launched.add(unit);
    return unit;
  }

  void awaitOutput(Launched unit, String text) {
    await().atMost(Duration.ofMinutes(1)).until(() -> launcher.tail(unit, 10_000).contains(text));
  }

  @Test
  void tellsTheExitCode() throws Exception {
    Launched unit = launch(shell("exit 7"));

    UnitEnd end = launcher.await(unit);

    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.EXITED);
    assertThat(end.exitCode()).isEqualTo(7);
    assertThat(end.reason()).contains("exit code 7");
  }

  @Test
  void tellsTheEndAgainWhenAskedAgain() throws Exception {
    Launched unit = launch(shell("exit 0"));

    assertThat(launcher.await(unit)).isEqualTo(launcher.await(unit));
  }

  @Test
  void tellsWhatAUnitTookUp() throws Exception {
    String keep = "head -c 8000000 /dev/urandom >\"$PIPEWRIGHT_WORKSPACE/kept\"; i=0; ";
    String work = "while [ $i -lt 300000 ]; do i=$((i+1)); done; sleep 0.2";
    Launched unit = launch(shell(keep + work));
    UnitEnd unused = launcher.await(unit);
    ResourceUse used = Objects.requireNonNull(launcher.used(unit));
    assertThat(used.cpuMillis()).isBetween(50L, 20_000L);
    assertThat(used.memoryPeak()).isBetween(200_000L, 96L << 20);
    assertThat(used.disk()).isBetween(8_000_000L, 20_000_000L);
  }

  @Test
  void givesTheEngineWhatItNeeds() throws Exception {
    Launched unit =
        launch(
            shell(
                "cd \"$PIPEWRIGHT_WORKSPACE\" && touch it-is-writable && echo"
                    + " \"$PIPEWRIGHT_SERVER $PIPEWRIGHT_RUN $PIPEWRIGHT_RUN_TOKEN\""));

    assertThat(launcher.await(unit).exitCode()).isZero();
    assertThat(launcher.tail(unit, 1000))
        .contains(expectedServer() + " " + unit.run() + " the-token");
  }

  @Test
  void keepsTheLastOutputOfAUnitThatPrintsAndEndsAtOnce() throws Exception {
    Launched unit = launch(shell("seq 1 20000; echo the last line; exit 3"));

    launcher.await(unit);

    assertThat(launcher.tail(unit, 100)).endsWith("the last line\n").hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void launchesOneUnitHoweverOftenItIsAsked() throws Exception {
    LaunchRequest request =
        shell("echo once >>\"$PIPEWRIGHT_WORKSPACE/starts\"; cat \"$PIPEWRIGHT_WORKSPACE/starts\"");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Launched>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(() -> launcher.launch(request));
      }
      for (Future<Launched> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(request.launched());
      }
    }
    launched.add(request.launched());

    launcher.await(request.launched());

    assertThat(launcher.tail(request.launched(), 1000)).isEqualTo("once\n");
    assertThat(launcher.list()).filteredOn(request.launched()::equals).hasSize(1);
  }

  @Test
  void startsNothingAgainOfAUnitThatHasEnded() throws Exception {
    LaunchRequest request = shell("echo once >>\"$PIPEWRIGHT_WORKSPACE/starts\"; exit 4");
    Launched unit = launch(request);
    launcher.await(unit);

    assertThat(launcher.launch(request)).isEqualTo(unit);

    assertThat(launcher.await(unit).exitCode()).isEqualTo(4);
    launcher.release(unit, true);
    Launched next = launch(request(unit.run(), "sh", "-c", "cat \"$PIPEWRIGHT_WORKSPACE/starts\""));
    launcher.await(next);
    assertThat(launcher.tail(next, 100)).isEqualTo("once\n");
  }

  @Test
  void findsAUnitByItsName() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));

    assertThat(launcher.find(unit.unit())).contains(unit);
    assertThat(launcher.find(shell("exit 0").unit())).isEmpty();

    launcher.release(unit, false);
    assertThat(launcher.find(unit.unit())).isEmpty();
  }

  @Test
  void readsOutputAgainFromAnywhereUntilTheRelease() throws Exception {
    Launched unit = launch(shell("seq 1 10000; echo half; read -r never || seq 10001 20000"));
    launcher.await(unit);
    StringBuilder all = new StringBuilder();
    int reads = 0;
    byte[] piece = launcher.logs(unit, 0, 20_000);
    while (piece.length > 0) {
      all.append(new String(piece, StandardCharsets.UTF_8));
      if (++reads == 2) {
        launcher.close();
        launcher = newLauncher();
      }
      piece = launcher.logs(unit, all.length(), 20_000);
    }

    String numbers = "%s\nhalf\n%s\n".formatted(seq(1, 10_000), seq(10_001, 20_000));
    assertThat(all).hasToString(numbers);
    assertThat(launcher.logs(unit, 6, 4)).asString().isEqualTo("4\n5\n");
    launcher.release(unit, false);
    assertThat(launcher.logs(unit, 0, 100)).isEmpty();
  }

  private static String seq(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void callsNothingASuccessThatItDidNotSeeEnd() throws Exception {
    Launched never = shell("exit 0").launched();

    assertThat(launcher.await(never).kind()).isEqualTo(LaunchEnd.Kind.LOST);
    assertThat(launcher.await(never).isOrderly()).isFalse();
  }

  @Test
  void findsItsUnitsAgainAfterARestart() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));
    awaitOutput(unit, "begun");
    launcher.close();

    launcher = newLauncher();

    assertThat(launcher.list()).contains(unit);
    launcher.stop(unit, GRACE);
    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
  }

  @Test
  void tellsTheEndOfAUnitThatEndedWhileNobodyLooked() throws Exception {
    Launched unit = launch(shell("exit 5"));
    launcher.await(unit);
    launcher.close();

    launcher = newLauncher();

    assertThat(launcher.await(unit).exitCode()).isEqualTo(5);
  }

  @Test
  void asksAUnitToEndBeforeItKills() throws Exception {
    Launched unit =
        launch(
            shell(
                "trap 'echo said good-bye; exit 9' TERM; echo begun; while :; do sleep 0.1; done"));
    awaitOutput(unit, "begun");

    launcher.stop(unit, Duration.ofMinutes(1));

    UnitEnd end = launcher.await(unit);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
    assertThat(launcher.tail(unit, 1000)).contains("said good-bye");
  }

  @Test
  void killsAUnitThatDoesNotWantToEnd() throws Exception {
    Launched unit = launch(shell("trap '' TERM; echo begun; while :; do sleep 0.1; done"));
    awaitOutput(unit, "begun");

    launcher.stop(unit, Duration.ofSeconds(1));

    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
  }

  @Test
  void leavesAnEndedUnitAsItIsWhenToldToStop() throws Exception {
    Launched unit = launch(shell("exit 6"));
    launcher.await(unit);

    launcher.stop(unit, GRACE);

    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.EXITED);
  }

  @Test
  void saysThatSomebodyElseKilledTheUnit() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));
    awaitOutput(unit, "begun");

    killBehindItsBack(unit);

    UnitEnd end = launcher.await(unit);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.EXITED);
    assertThat(end.exitCode()).isEqualTo(137);
    assertThat(end.reason()).contains("not by Pipewright");
  }

  @Test
  void callsAUnitLostThatIsGone() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));
    awaitOutput(unit, "begun");

    removeBehindItsBack(unit);

    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.LOST);
  }

  @Test
  void saysWhyAUnitCouldNotBeStarted() throws Exception {
    LaunchRequest request = request(aRun(), "/no/such/program");
    launched.add(request.launched());

    assertThat(faultOf(request)).contains("/no/such/program");
  }

  private String faultOf(LaunchRequest request) throws InterruptedException {
    Launched unit;
    try {
      unit = launcher.launch(request);
    } catch (LaunchException e) {
      assertThat(launcher.list()).doesNotContain(request.launched());
      return String.valueOf(e.getMessage());
    }
    UnitEnd end = launcher.await(unit);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.START_FAILED);
    return end.reason();
  }

  @Test
  void keepsTheWorkspaceForTheNextLaunchOfTheRunIfAsked() throws Exception {
    RunId run = aRun();
    Launched first = launch(request(run, "sh", "-c", "echo kept >\"$PIPEWRIGHT_WORKSPACE/file\""));
    launcher.await(first);
    launcher.release(first, true);

    Launched second = launch(request(run, "sh", "-c", "cat \"$PIPEWRIGHT_WORKSPACE/file\""));
    launcher.await(second);
    assertThat(launcher.tail(second, 100)).isEqualTo("kept\n");
    launcher.release(second, false);

    Launched third = launch(request(run, "sh", "-c", "ls \"$PIPEWRIGHT_WORKSPACE\" | wc -l"));
    launcher.await(third);
    assertThat(launcher.tail(third, 100).strip()).isEqualTo("0");
  }

  @Test
  void forgetsAReleasedUnit() throws Exception {
    Launched unit = launch(shell("exit 0"));
    launcher.await(unit);

    launcher.release(unit, false);
    launcher.release(unit, false);

    assertThat(launcher.list()).doesNotContain(unit);
  }

  @Test
  void leavesTheUnitAloneWhenItsWatcherIsInterrupted() throws Exception {
    Launched unit = launch(shell("echo begun; sleep 300"));
    awaitOutput(unit, "begun");
    Thread watcher =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    launcher.await(unit);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    watcher.interrupt();
    watcher.join();
    launcher.stop(unit, Duration.ZERO);
    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
  }
}
