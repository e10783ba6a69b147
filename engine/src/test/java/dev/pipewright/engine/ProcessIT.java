package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: what they see, what they print, and that they end. */
@Timeout(180)
final class ProcessIT {
  private final Path workspace;
  private final Trial trial;

  ProcessIT(@TempDir Path workspace) {
    this.workspace = workspace;
    this.trial = new Trial(workspace);
  }

  static boolean runs(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !zombie(pid);
  }

  private static boolean zombie(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }

  private void assertEnds(String file) throws IOException {
    long pid = Long.parseLong(Files.readString(workspace.resolve(file)).strip());
    Awaitility.await().until(() -> !runs(pid));
  }

  @Test
  void theExitCodeDecides() {
    trial.run(sh("good", "true"), sh("bad", "exit 7"));

    assertThat(trial.endings()).containsExactly("good=SUCCEEDED", "bad=FAILED");
    assertThat(trial.reason()).isEqualTo("bad: exit code 7");
  }

  @Test
  void aFailureInTheMiddleOfAScriptOrPipeEndsIt() {
    trial.run(
        inParallel(
            sh("middle", "false\necho on"), sh("pipe", "false | cat"), sh("unset", "echo $NOPE")));

    assertThat(trial.endings()).contains("middle=FAILED", "pipe=FAILED", "unset=FAILED");
    assertThat(trial.log("middle")).isEmpty();
  }

  @Test
  void theEnvironmentIsClean() {
    trial.run(
        stage("s", sh("env", "env | cut -d= -f1 | sort | tr '\\n' ' '").env("MORE", "1"))
            .env("LEVEL", "2"));

    String names = trial.log("s/env").isEmpty() ? "" : trial.log("s/env");
    assertThat(List.of(names.strip().split(" ")))
        .contains("CI", "HOME", "PATH", "MORE", "LEVEL", "PIPEWRIGHT_BRANCH", "PIPEWRIGHT_COMMIT")
        .allMatch(
            name ->
                name.startsWith("PIPEWRIGHT_")
                    || List.of("CI", "HOME", "PATH", "MORE", "LEVEL", "PWD", "SHLVL", "_")
                        .contains(name));
  }

  @Test
  void factsOfTheRunAreVariablesAndNeverShellText() {
    String evil = "refs/heads/x$(touch${IFS}pwned)&;|";
    trial.ref(evil).run(sh("a", "printf '%s' \"$PIPEWRIGHT_RUN $PIPEWRIGHT_BRANCH\""));

    assertThat(trial.log("a")).isEqualTo("p#7 x$(touch${IFS}pwned)&;|");
    assertThat(workspace.resolve("pwned")).doesNotExist();
  }

  @Test
  void argumentsOfABodyReachTheCommandAsTheyAre() {
    trial.run(step("a", s -> s.sh("printf '<%s>'", "a b", "$(touch pwned)", "*")));

    assertThat(trial.log("a")).isEqualTo("<a b><$(touch pwned)><*>");
  }

  @Test
  void aProgramThatDoesNotExistIsAnError() {
    trial.run(inParallel(exec("a", "no-such-program"), exec("b", "./nothing", "x")));

    assertThat(trial.endings()).contains("a=ERRORED", "b=ERRORED");
    assertThat(trial.log("a")).contains("There is no program 'no-such-program' on the PATH");
  }

  @Test
  void nothingIsOnTheStandardInput() {
    trial.run(exec("a", "cat"));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
  }

  @Test
  void bothOutputsAreKeptInOrderByteForByte() {
    trial.run(sh("a", "printf 'one\\n'; printf 'two\\n' >&2; printf '\\377\\000\\303'"));

    assertThat(trial.recorder.bytes("a"))
        .isEqualTo("one\ntwo\n\u00ff\u0000\u00c3".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aCancelReachesChildrenThatIgnoreSigterm() throws Exception {
    String stubborn = "trap '' TERM; echo $$ > pid; echo ready; while :; do sleep 0.05; done";
    Thread canceller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    trial.recorder.awaitLog("a", "ready");
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  trial.cancellation.cancel("enough");
                });
    trial.run(sh("a", stubborn).ensure(sh("x", "echo swept")));
    canceller.join();

    assertThat(trial.endings()).containsExactly("a/x=SUCCEEDED", "a=CANCELLED");
    assertEnds("pid");
  }

  @Test
  void aTimeoutReachesAChildInItsOwnSession() throws Exception {
    Alarm alarm = new Alarm();
    trial.time = alarm;
    Thread clock =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    trial.recorder.awaitLog("a", "ready");
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  alarm.ring();
                });
    trial.run(
        sh("a", "setsid sh -c 'echo $$ > pid; echo ready; exec sleep 300' & wait")
            .timeout(Duration.ofHours(1)));
    clock.join();

    assertThat(trial.endings()).containsExactly("a=TIMED_OUT");
    assertEnds("pid");
  }

  @Test
  void aCancelReachesAProcessThatForkedTwiceAndHoldsTheOutputOpen() throws Exception {
    String daemon =
        "(setsid sh -c 'trap \"\" TERM; echo $$ > pid; echo ready; while :; do sleep 0.05; done' &)";
    Thread canceller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    trial.recorder.awaitLog("a", "ready");
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  trial.cancellation.cancel("enough");
                });
    trial.run(sh("a", daemon + "; sleep 300"));
    canceller.join();

    assertThat(trial.endings()).containsExactly("a=CANCELLED");
    assertEnds("pid");
  }

  @Test
  void theLoserOfARaceLeavesNoProcess() throws Exception {
    trial.run(
        anyOf(
            sh("loser", "trap '' TERM; echo $$ > pid; echo ready; while :; do sleep 0.05; done"),
            step("winner", _ -> trial.recorder.awaitLog("loser", "ready"))));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertEnds("pid");
  }

  @Test
  void anotherRepositoryIsBroughtAndItsStepsRunInItsFolder() throws Exception {
    trial.run(
        sh(
            "make",
            "git init -q -b side other && cd other && echo one > a && git add a"
                + " && git -c user.name=x -c user.email=x@y commit -q -m one"),
        withCheckout(
            git(workspace.resolve("other").toUri().toString()).onBranch("side").into("copy"),
            sh("inside", "cat a; pwd; echo left > rubbish")),
        withCheckout(
            git(workspace.resolve("other").toUri().toString()).onBranch("side").into("copy"),
            sh("again", "ls")));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertThat(trial.log("inside"))
        .startsWith("one\n")
        .contains(workspace.toRealPath().resolve("copy").toString());
    assertThat(trial.log("again")).isEqualTo("a\n");
  }

  @Test
  void aRepositoryThatCannotBeHadIsAnErrorThatSaysSo() {
    trial.run(withCheckout(git("file://" + workspace.resolve("nothing")), sh("inside", "true")));

    assertThat(trial.outcome()).hasToString("ERRORED");
    assertThat(trial.reason()).contains("Could not bring file://");
    assertThat(trial.endings()).containsExactly("inside=SKIPPED");
  }

  @Test
  void childrenLeftBehindByAStepThatEndedAreEndedToo() throws Exception {
    trial.run(
        sh("quiet", "(setsid sleep 300 >/dev/null 2>&1 & echo $! > one); true"),
        sh("loud", "sleep 300 & echo $! > two"));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    assertEnds("one");
    assertEnds("two");
  }

  @Test
  void aThousandStepsInSequenceTakeSeconds() {
    long begin = System.nanoTime();
    var steps = IntStream.range(0, 999).mapToObj(i -> sh("s" + i, "true")).toList();
    trial.run(sh("first", "true"), steps.toArray(Step[]::new));

    assertThat(trial.endings()).hasSize(1000).allMatch(end -> end.endsWith("=SUCCEEDED"));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
    System.out.printf("1,000 steps: %d ms%n", (System.nanoTime() - begin) / 1_000_000);
  }

  @Test
  void twoHundredStepsInParallelAllRun() {
    trial.run(
        inParallelFor(
            IntStream.range(0, 200).boxed().toList(), i -> sh("s" + i, "echo out; sleep 0.1")));

    assertThat(trial.endings()).hasSize(200).allMatch(end -> end.endsWith("=SUCCEEDED"));
    assertThat(trial.log("s199")).isEqualTo("out\n");
  }

  @Test
  void fiftyMegabytesOfOutputAreKeptWhole() {
    trial.run(sh("a", "head -c 50000000 /dev/zero"));

    assertThat(trial.recorder.bytes("a")).hasSize(50_000_000);
  }

  @Test
  void aStepEndsOnlyWhenItsOutputIsHandedOnHoweverLongThatTakes() throws Exception {
    trial.recorder.room = new CountDownLatch(1);
    Thread server =
        Thread.ofVirtual()
            .start(
                () -> {
                  long pause = System.nanoTime() + Duration.ofSeconds(4).toNanos();
                  Awaitility.await().until(() -> System.nanoTime() > pause);
                  trial.recorder.room.countDown();
                });

    trial.run(sh("a", "head -c 100000 /dev/zero"));

    assertThat(trial.recorder.bytes("a")).hasSize(100_000);
    server.join();
  }

  @Test
  void moreThanTheLimitIsCutWithAMark() {
    trial.run(sh("a", "head -c 70000000 /dev/zero"));

    assertThat(trial.outcome()).hasToString("SUCCEEDED");
    byte[] bytes = trial.recorder.bytes("a");
    String mark = "\n[output cut at 64 MiB]\n";
    assertThat(bytes).hasSize(64 * 1024 * 1024 + mark.length());
    assertThat(
            new String(bytes, bytes.length - mark.length(), mark.length(), StandardCharsets.UTF_8))
        .isEqualTo(mark);
  }

  @Test
  void filesAreKeptButNothingOutsideTheWorkspace() throws Exception {
    trial.run(
        sh("a", "mkdir -p target; echo x > target/a.jar; ln -s /etc/passwd target/b.jar")
            .keeps("target/*.jar", "missing/*"));

    assertThat(trial.finished("a").artifacts())
        .singleElement()
        .satisfies(kept -> assertThat(kept.path()).isEqualTo("target/a.jar"));
    assertThat(trial.log("a")).contains("No file matches missing/*");
  }
}
