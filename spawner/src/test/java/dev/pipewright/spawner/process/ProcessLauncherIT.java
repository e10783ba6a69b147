package dev.pipewright.spawner.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.SharingContract;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherIT extends SharingContract {
  private final Path data;

  ProcessLauncherIT(@TempDir Path data) {
    this.data = data;
  }

  @Override
  protected Launcher newLauncher() {
    return new ProcessLauncher(
        new ProcessLauncherConfig(
            data,
            List.of("/usr/bin/env"),
            URI.create(expectedServer()),
            "/usr/local/bin:/usr/bin:/bin",
            Limits.defaults(1).withDisk(40L << 20, 2L << 20)));
  }

  @Override
  protected @Nullable String image() {
    return null;
  }

  @Override
  protected boolean hasContainers() {
    return false;
  }

  @Override
  protected String expectedServer() {
    return "http://127.0.0.1:4711";
  }

  private UnitFolder folder(Launched unit) {
    return new UnitFolder(data.resolve("units").resolve(unit.unit().value()));
  }

  @Override
  protected void killBehindItsBack(Launched unit) {
    engine(folder(unit).started().orElseThrow().pid()).destroyForcibly();
  }

  /** The command itself: the child of the wrapper's first half. */
  private static ProcessHandle engine(long leader) {
    return ProcessHandle.of(leader)
        .orElseThrow()
        .descendants()
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .map(a -> String.join(" ", a))
                    .orElse("")
                    .startsWith("-c echo begun"))
        .findFirst()
        .orElseThrow();
  }

  @Override
  protected void removeBehindItsBack(Launched unit) {
    long session = folder(unit).started().orElseThrow().session();
    ProcessTable.all().stream()
        .filter(process -> process.session() == session)
        .forEach(
            process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
  }

  @Test
  void endsWhatAnEngineLeftRunningInItsSession() throws Exception {
    Launched unit = launch(shell("sleep 300 & echo $!; exit 0"));

    launcher.await(unit);

    assertGone(unit);
  }

  @Test
  void endsWhatAnEngineLeftRunningInASessionOfItsOwn() throws Exception {
    Launched unit = launch(shell("setsid sleep 300 & sleep 0.2; exit 0"));

    launcher.await(unit);

    assertThat(ProcessTable.all())
        .noneMatch(
            process ->
                ProcessTable.environment(process.pid()).contains("PIPEWRIGHT_RUN=" + unit.run()));
  }

  @Test
  void doesNotTouchAnEquallyNamedRunOfAnotherServer() throws Exception {
    Launched unit = launch(shell("exit 0"));
    ProcessBuilder other = new ProcessBuilder("sleep", "300");
    other.environment().put("PIPEWRIGHT_RUN", unit.run().toString());
    Process stranger = other.start();
    try {
      launcher.await(unit);
      launcher.release(unit, false);

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void runsEnginesWithLessPriorityThanTheServer() throws Exception {
    Launched unit = launch(shell("nice; cat /proc/self/autogroup 2>/dev/null || echo nice 10"));

    launcher.await(unit);

    assertThat(launcher.tail(unit, 1000).lines().map(String::strip))
        .first()
        .isEqualTo(Integer.toString(10 + nice()));
    assertThat(launcher.tail(unit, 1000)).contains("nice 10");
  }

  private static int nice() throws Exception {
    Process nice = new ProcessBuilder("nice").start();
    return Integer.parseInt(new String(nice.getInputStream().readAllBytes(), UTF_8).strip());
  }

  @Test
  void givesNothingOfTheServersEnvironmentToTheEngine() throws Exception {
    Launched unit = launch(shell("env | cut -d= -f1 | sort | tr '\\n' ' '"));

    launcher.await(unit);

    assertThat(launcher.tail(unit, 1000).strip().split(" "))
        .containsExactlyInAnyOrder(
            "HOME",
            "LANG",
            "PATH",
            "PIPEWRIGHT_RUN",
            "PIPEWRIGHT_RUN_TOKEN",
            "PIPEWRIGHT_SERVER",
            "PIPEWRIGHT_WORKSPACE",
            "PWD");
  }

  @Test
  void endsAnEndlessAppendAtTheLimitOfDisk() throws Exception {
    Launched unit =
        launch(shell("while :; do head -c 4000000 /dev/zero >>endless; sleep 0.05; done"));

    UnitEnd end = launcher.await(unit);

    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.DISK);
    assertThat(end.reason()).contains("its limit is 40 MiB");
    assertThat(processesOf(unit, "endless")).isEmpty();
    assertThat(launcher.await(unit)).isEqualTo(end);
  }

  @Test
  void removesTheFolderOfAReleasedUnitAndItsWorkspace() throws Exception {
    Launched unit = launch(shell("mkdir -p a/b && ln -s / a/b/root && chmod 500 a/b && echo done"));
    launcher.await(unit);

    launcher.release(unit, false);

    assertThat(data.resolve("units")).isEmptyDirectory();
    assertThat(data.resolve("workspaces")).isEmptyDirectory();
    assertThat(Path.of("/etc")).isDirectory();
  }

  @Test
  void saysThatALaunchWasCutOffBeforeItsProcessBegan() throws Exception {
    Launched unit = shell("exit 0").launched();
    folder(unit).create(unit);

    assertThat(launcher.list()).contains(unit);
    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.START_FAILED);

    launcher.release(unit, false);
    assertThat(launcher.list()).doesNotContain(unit);
  }

  @Test
  void callsAUnitLostWhoseWrapperWasKilledWithIt() throws Exception {
    Launched unit = launch(shell("sleep 300"));
    await().atMost(Duration.ofMinutes(1)).until(() -> folder(unit).started().isPresent());

    removeBehindItsBack(unit);

    assertThat(launcher.await(unit).kind()).isEqualTo(LaunchEnd.Kind.LOST);
  }

  @Test
  void endsWhatAnEarlierLaunchLeftInTheWorkspaceBeforeTheNextOneBegins() throws Exception {
    LaunchRequest first =
        shell("setsid sh -c 'while :; do sleep 0.05; done' & sleep 0.2; echo begun; sleep 300");
    Launched earlier = launch(first);
    await().atMost(Duration.ofMinutes(1)).until(() -> launcher.tail(earlier, 10).equals("begun\n"));
    LaunchRequest second =
        new LaunchRequest(
            UnitId.of("contract", first.run(), first.fence() + 1),
            first.run(),
            first.fence() + 1,
            first.workspace(),
            "the-token",
            null,
            Confinement.USUAL,
            first.deadline(),
            List.of("sh", "-c", "setsid sh -c 'sleep 300' & sleep 0.2; echo begun; sleep 300"));

    Launched later = launch(second);

    assertThat(processesOf(earlier, "while :")).isEmpty();
    await().atMost(Duration.ofMinutes(1)).until(() -> launcher.tail(later, 10).equals("begun\n"));
    launcher.await(earlier);
    launcher.release(earlier, false);
    assertThat(processesOf(later, "sleep 300")).isNotEmpty();
    launcher.stop(later, Duration.ZERO);
    launcher.await(later);
    assertThat(processesOf(later, "sleep 300")).isEmpty();
  }

  private static List<Long> processesOf(Launched unit, String part) {
    return ProcessTable.all().stream()
        .map(ProcessTable.Entry::pid)
        .filter(pid -> ProcessTable.environment(pid).contains("PIPEWRIGHT_RUN=" + unit.run()))
        .filter(
            pid ->
                ProcessHandle.of(pid)
                    .flatMap(process -> process.info().commandLine())
                    .orElse("")
                    .contains(part))
        .toList();
  }

  private void assertGone(Launched unit) {
    long pid = Long.parseLong(launcher.tail(unit, 100).strip());
    Optional<ProcessTable.Entry> left = ProcessTable.entry(pid);
    assertThat(left).isEmpty();
  }
}
