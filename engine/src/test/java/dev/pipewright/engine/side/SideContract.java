package dev.pipewright.engine.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.MachineCommands;
import dev.pipewright.engine.step.ProcessConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command beside the engine may rely on, whoever starts it. */
@Timeout(180)
abstract class SideContract {
  private static final ProcessConfig CONFIG =
      new ProcessConfig(
          System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
          "/engine-home",
          Duration.ofSeconds(2));

  final Path run;
  final Path work;
  private final ExecutorService pumps =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  SideContract(@TempDir Path folder) throws IOException {
    run = Files.createDirectory(folder.resolve("run folder"));
    work = Files.createDirectory(run.resolve("work"));
  }

  /** Starts what is wanted; {@code folder} is shared with it. */
  abstract Sides sides(Path folder);

  @AfterEach
  void stopPumps() {
    pumps.shutdownNow();
  }

  private Commands commands() {
    return new SideCommands(
        new MachineCommands(work, CONFIG, pumps),
        sides(run.resolve("sides")),
        image(),
        Map.of(),
        log::add);
  }

  String image() {
    return "other";
  }

  private int run(Command command, Map<String, String> environment) throws Exception {
    return commands().run(command, environment, this::take, null);
  }

  private synchronized void take(byte[] bytes, int offset, int length) {
    out.write(bytes, offset, length);
    notifyAll();
  }

  private synchronized String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private synchronized void awaitOut(String text) throws InterruptedException {
    while (!out().contains(text)) {
      wait();
    }
  }

  @Test
  void output_and_exit_code_arrive() throws Exception {
    assertThat(run(Command.shell("echo out; echo err >&2; exit 3"), Map.of())).isEqualTo(3);
    assertThat(out()).isEqualTo("out\nerr\n");
    assertThat(log).isEmpty();
    assertThat(run.resolve("sides")).isEmptyDirectory();
  }

  @Test
  void the_shell_is_strict_and_gets_its_arguments() throws Exception {
    Command strict = new Command.Shell("false\necho no", List.of());
    assertThat(run(strict, Map.of())).isEqualTo(1);
    Command args = new Command.Shell("printf '<%s>'", List.of("a b", "it's", "$HOME", ""));
    assertThat(run(args, Map.of())).isZero();
    assertThat(out()).isEqualTo("<a b><it's><$HOME><>");
  }

  @Test
  void a_program_gets_its_arguments_untouched() throws Exception {
    assertThat(run(Command.program("printf", "<%s>", "a b", "`id`", "it's\n"), Map.of())).isZero();
    assertThat(out()).isEqualTo("<a b><`id`><it's\n>");
  }

  @Test
  void variables_arrive_as_they_are_but_not_those_of_the_engines_machine() throws Exception {
    String odd = "it's \"odd\" $HOME `id`\nsecond line\\n";
    run(
        Command.shell("printf %s \"$ODD\"; echo; echo \"$HOME\"; echo \"${PATH#/nowhere}\""),
        Map.of("ODD", odd, "HOME", "/engine-home", "PATH", "/nowhere"));

    assertThat(out()).startsWith(odd + "\n").doesNotContain("/engine-home").contains("/bin");
  }

  @Test
  void a_large_variable_arrives_and_no_value_is_ever_in_a_file() throws Exception {
    String look = "find '" + run + "' -type f -exec grep -l 'hunter[2]' {} + || true";
    run(
        Command.shell("printf %s \"$BIG\" | wc -c; " + look),
        Map.of("BIG", "hunter2" + "x".repeat(100_000)));

    assertThat(out()).isEqualTo("100007\n");
  }

  @Test
  void it_runs_in_the_folder_of_the_commands() throws Exception {
    Path inner = Files.createDirectory(work.resolve("in'ner"));
    Files.writeString(inner.resolve("here.txt"), "here");
    commands().in(inner).run(Command.program("cat", "here.txt"), Map.of(), this::take, null);

    assertThat(out()).isEqualTo("here");
  }

  @Test
  void much_output_arrives_completely() throws Exception {
    run(Command.shell("head -c 20000000 /dev/zero | tr '\\0' x; echo end"), Map.of());

    assertThat(out()).hasSize(20_000_004).endsWith("xend\n");
  }

  @Test
  void what_it_leaves_running_does_not_keep_it_open() throws Exception {
    assertThat(run(Command.shell("sleep 100 & echo done"), Map.of())).isZero();
    assertThat(out()).isEqualTo("done\n");
  }

  @Test
  void an_interrupt_asks_it_to_end() throws Exception {
    interrupted("trap 'echo bye; exit 1' TERM; echo up; sleep 100 & wait");

    assertThat(out()).contains("bye");
    assertThat(run.resolve("sides")).isEmptyDirectory();
  }

  @Test
  void what_does_not_end_when_asked_is_killed() throws Exception {
    long start = System.nanoTime();
    interrupted("trap '' TERM; echo up; while :; do sleep 1; date >beat; done");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    Files.deleteIfExists(work.resolve("beat"));
    TimeUnit.MILLISECONDS.sleep(1500);
    assertThat(work.resolve("beat")).doesNotExist();
  }

  private void interrupted(String command) throws Exception {
    AtomicReference<@Nullable Exception> thrown = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    run(Command.shell(command), Map.of());
                  } catch (Exception e) {
                    thrown.set(e);
                  }
                  ended.countDown();
                });
    awaitOut("up");
    thread.interrupt();
    ended.await();
    assertThat(thread.isAlive() && thrown.get() == null).isFalse();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void a_container_that_ends_without_a_word_is_an_error_with_its_reason() {
    assertThatThrownBy(() -> run(Command.shell("kill -KILL $PPID; sleep 100"), Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("is lost");
  }
}
