package dev.pipewright.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.run.Answer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LocalLocksTest {
  @TempDir Path folder;

  private final LocalAnswers answers = new LocalAnswers();

  private LocalLocks locks(String owner) {
    return new LocalLocks(folder, owner, answers, InstantSource.system());
  }

  private boolean comes(String key) throws InterruptedException {
    try (Cancellation never = Cancellation.root()) {
      return answers.await(Set.of(key), never);
    }
  }

  @Test
  void aFreeLockIsGrantedAndTheSameWishKeepsItsGrant() throws IOException {
    try (LocalLocks locks = locks("shop#1")) {
      LockAnswer first = locks.request("production", "a");
      assertThat(first.granted()).isTrue();
      assertThat(locks.request("production", "a")).isEqualTo(first);
      locks.release("production", "a");
      assertThat(locks.request("production", "b").grant()).isEqualTo(first.grant() + 1);
    }
  }

  @Test
  void whoWaitsIsToldWhoHasItAndGetsItInTurn() throws Exception {
    try (LocalLocks one = locks("shop#1");
        LocalLocks two = locks("shop#2")) {
      one.request("production", "a");
      LockAnswer waits = two.request("production", "b");
      assertThat(waits.granted()).isFalse();
      assertThat(waits.owner()).isEqualTo("shop#1");

      one.release("production", "a");

      assertThat(comes("b")).isTrue();
      assertThat(two.request("production", "b").grant()).isEqualTo(2);
    }
  }

  @Test
  void aHeldLockIsLockedForOtherProcessesAlsoAfterSomebodyAskedForIt() throws Exception {
    try (LocalLocks one = locks("shop#1");
        LocalLocks two = locks("shop#2")) {
      one.request("production", "a");
      two.request("production", "b");
      Path file;
      try (Stream<Path> files = Files.list(folder)) {
        file = files.filter(each -> each.toString().endsWith(".lock")).findFirst().orElseThrow();
      }
      assertThat(otherProcessCanLock(file)).isFalse();
      two.release("production", "b");
      one.release("production", "a");
      assertThat(otherProcessCanLock(file)).isTrue();
    }
  }

  private static boolean otherProcessCanLock(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                TryLock.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    return process.waitFor() == 0;
  }

  /** Ends with 0 if it could lock the file. */
  static final class TryLock {
    public static void main(String[] args) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        System.exit(channel.tryLock() == null ? 1 : 0);
      }
    }
  }

  @Test
  void aWishThatIsTakenBackGetsNothingAndBlocksNobody() throws Exception {
    try (LocalLocks one = locks("shop#1");
        LocalLocks two = locks("shop#2");
        LocalLocks three = locks("shop#3")) {
      one.request("production", "a");
      two.request("production", "b");
      two.release("production", "b");
      assertThat(comes("b")).isFalse();
      three.request("production", "c");
      one.release("production", "a");
      assertThat(comes("c")).isTrue();
    }
  }

  @Test
  void closingGivesEverythingBack() throws IOException {
    LocalLocks one = locks("shop#1");
    one.request("production", "a");
    one.request("staging", "b");
    one.close();
    try (LocalLocks two = locks("shop#2")) {
      assertThat(two.request("production", "c").granted()).isTrue();
      assertThat(two.request("staging", "d").granted()).isTrue();
    }
  }

  @Test
  void neverHaveTwoTheSameLock() throws Exception {
    List<String> inside = Collections.synchronizedList(new ArrayList<>());
    List<String> problems = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "run " + i;
      threads.add(Thread.ofPlatform().start(() -> work(name, inside, problems)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(problems).isEmpty();
    assertThat(inside).hasSize(80);
  }

  private void work(String name, List<String> inside, List<String> problems) {
    LocalAnswers own = new LocalAnswers();
    try (LocalLocks locks = new LocalLocks(folder, name, own, InstantSource.system());
        Cancellation never = Cancellation.root()) {
      for (int i = 0; i < 10; i++) {
        String key = name + " " + i;
        if (!locks.request("production", key).granted() && !own.await(Set.of(key), never)) {
          problems.add(key + " never came");
        }
        int before = inside.size();
        inside.add(key);
        if (inside.size() != before + 1) {
          problems.add("not alone: " + key);
        }
        locks.release("production", key);
      }
    } catch (IOException | InterruptedException e) {
      problems.add(e.toString());
    }
  }

  @Test
  void anAnswerIsToldOnceAndToWhoComesLater() {
    List<Answer> told = new ArrayList<>();
    Answer first = answer("a", Answer.Verdict.APPROVED);
    answers.give(first);
    answers.give(answer("a", Answer.Verdict.REJECTED));
    answers.tell(told::addAll);
    Answer second = answer("b", Answer.Verdict.APPROVED);
    answers.give(second);
    assertThat(told).containsExactly(first, second);
  }

  private static Answer answer(String key, Answer.Verdict verdict) {
    return new Answer(key, verdict, null, null, InstantSource.system().instant(), Map.of());
  }
}
