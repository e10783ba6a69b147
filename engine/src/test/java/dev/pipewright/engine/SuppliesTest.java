package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.secret;
import static dev.pipewright.dsl.Steps.sh;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Output;
import dev.pipewright.engine.cache.LocalCaches;
import dev.pipewright.engine.execute.Allowance;
import dev.pipewright.engine.secret.KnownSecrets;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.TestReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tasks get and leave: secrets, caches, test reports, kept files. */
@Timeout(180)
final class SuppliesTest {
  private static final String VALUE = "hunter2-and\nsecond line";
  private static final Output<String> OUT = Output.text("out");

  private final Path workspace;
  private final Path elsewhere;
  private final Trial trial;
  private final List<byte[]> reports = new ArrayList<>();

  SuppliesTest(@TempDir Path folder) throws IOException {
    workspace = Files.createDirectory(folder.resolve("work"));
    elsewhere = folder.resolve("caches");
    trial = new Trial(workspace);
    trial.surroundings =
        trial
            .surroundings
            .withSecrets(
                new KnownSecrets(Map.of("TOKEN", VALUE, "PIN", "123"), "Give it with --secrets."))
            .withReports(
                json -> {
                  reports.add(json);
                  return BlobDigest.of(json);
                });
  }

  @Test
  void a_secret_is_a_variable_of_the_step_that_declares_it_and_of_no_other() throws IOException {
    trial.run(
        sh("before", "env | grep -c hunter2 || true"),
        sh("with", "printf %s \"$TOKEN\" | wc -c; env | grep -c hunter2").needs(secret("TOKEN")),
        stage("other", sh("after", "echo ${TOKEN-none}; env | grep -c hunter2 || true")),
        sh("engine", "tr '\\0' '\\n' </proc/$PPID/environ | grep -c hunter2 || true"));

    assertThat(trial.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trial.log("before")).isEqualTo("0\n");
    assertThat(trial.log("with")).isEqualTo("23\n1\n");
    assertThat(trial.log("other/after")).isEqualTo("none\n0\n");
    assertThat(trial.log("engine")).isEqualTo("0\n");
    try (var files = Files.walk(workspace)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void no_step_can_print_a_secret_once_it_is_released() {
    trial.run(
        sh("with", "echo \"$TOKEN\"; printf 'hun'; sleep 0.1; echo ter2-and; echo hunter2-and >f")
            .needs(secret("TOKEN")),
        sh("later", "cat f; printf %s 'x:hunter2-and' | base64; echo hunter2"));

    assertThat(trial.log("with")).isEqualTo("***\n***\n");
    assertThat(trial.log("later")).startsWith("***\n").endsWith("\nhunter2\n");
  }

  @Test
  void a_body_reads_what_it_declares_and_its_output_and_reason_are_masked() {
    trial.run(
        step(
                "body",
                step -> {
                  step.log("length " + step.secret(secret("TOKEN")).length());
                  step.log("value " + step.secret(secret("TOKEN")));
                  step.sh("echo out \"$TOKEN\"; echo err \"$TOKEN\" >&2");
                  throw step.failure("refused for hunter2-and");
                })
            .needs(secret("TOKEN")));

    assertThat(trial.log("body"))
        .contains("length 23\nvalue ***\n")
        .contains("out ***")
        .contains("err ***")
        .doesNotContain("hunter2")
        .doesNotContain("second line");
    assertThat(trial.finished("body").reason()).isEqualTo("refused for ***");
    assertThat(trial.recorder.events().getLast())
        .isEqualTo(new RunEvent.RunFinished(Outcome.FAILED, "body: refused for ***"));
  }

  @Test
  void a_body_cannot_read_a_secret_it_does_not_declare() {
    trial.run(
        sh("with", "true").needs(secret("TOKEN")),
        step("body", step -> step.log(step.secret(secret("TOKEN")))));

    assertThat(trial.finished("body").outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(trial.finished("body").reason()).contains("not declared");
  }

  @Test
  void an_output_that_would_hold_a_secret_is_refused_with_a_sentence() {
    trial.run(
        step("body", step -> step.set(OUT, "token=" + step.secret(secret("TOKEN"))))
            .needs(secret("TOKEN")));

    assertThat(trial.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(trial.reason())
        .contains("The output 'out' would hold a secret, and outputs are stored and shown.");
    assertThat(trial.finished("body").outputs()).isEmpty();
  }

  @Test
  void a_secret_that_is_not_known_makes_the_step_errored_before_it_does_anything() {
    trial.run(sh("with", "touch done").needs(secret("TOKEN"), secret("OTHER")).attempts(2));

    assertThat(trial.finished("with").outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(trial.finished("with").reason())
        .isEqualTo("The step needs OTHER, which is not known. Give it with --secrets.");
    assertThat(workspace.resolve("done")).doesNotExist();
  }

  @Test
  void secrets_are_fetched_once_for_all_attempts_and_short_ones_are_named_once() {
    AtomicInteger asked = new AtomicInteger();
    trial.surroundings =
        trial.surroundings.withSecrets(
            (step, names) -> {
              asked.incrementAndGet();
              return Map.of("PIN", "123");
            });
    trial.run(sh("with", "echo $PIN; false").needs(secret("PIN")).attempts(3));

    assertThat(asked).hasValue(1);
    assertThat(trial.log("with"))
        .startsWith("[the secret PIN is shorter than four characters and is not masked]\n123\n")
        .containsOnlyOnce("not masked");
  }

  @Test
  void test_reports_are_read_after_the_last_attempt_also_when_it_failed() {
    String xml =
        "<testsuite name='s'><testcase name='t'><failure>no</failure></testcase></testsuite>";
    trial.run(
        sh("tests", "mkdir -p r; echo \"" + xml + "\" >r/$(ls r | wc -l).xml; echo bad >r/z; false")
            .attempts(2)
            .junit("r/*"));

    assertThat(trial.finished("tests").outcome()).isEqualTo(Outcome.FAILED);
    RunEvent.TestsFound found =
        trial.recorder.events().stream()
            .filter(RunEvent.TestsFound.class::isInstance)
            .map(RunEvent.TestsFound.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(found.counts().failed()).isEqualTo(2);
    assertThat(reports).hasSize(1);
    assertThat(found.report()).isEqualTo(BlobDigest.of(reports.getFirst()));
    assertThat(Json.read(reports.getFirst(), TestReport.class).cases()).hasSize(2);
    assertThat(trial.log("tests")).contains("The test report r/z could not be read");
    assertThat(trial.recorder.events().indexOf(found))
        .isLessThan(trial.recorder.events().indexOf(trial.finished("tests")));
  }

  @Test
  void reports_that_cannot_be_kept_do_not_change_the_outcome() {
    trial.surroundings =
        trial.surroundings.withReports(
            _ -> {
              throw new IOException("the store is away");
            });
    trial.run(sh("tests", "echo '<testsuite name=\"s\"/>' >r.xml").junit("r.xml"));

    assertThat(trial.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trial.log("tests")).contains("could not be kept: the store is away");
  }

  @Test
  void a_cache_is_stored_after_a_success_only_and_restored_before_the_first_attempt()
      throws IOException {
    trial.surroundings =
        trial.surroundings.withCaches(
            new LocalCaches(elsewhere, "p", () -> Instant.parse("2026-05-01T10:00:00Z")));
    String fill = "mkdir lib; echo made >lib/a; ";
    trial.run(sh("fails", fill + "false").cache("k", "lib"));
    assertThat(elsewhere).doesNotExist();

    clear();
    new Trial(workspace, trial.surroundings).run(sh("fills", fill).cache("k", "lib"));
    clear();
    Trial third = new Trial(workspace, trial.surroundings);
    third.run(sh("reads", "cat lib/a").cache("k", "lib"));

    assertThat(third.log("reads")).startsWith("[cache k@").contains(": hit, ").endsWith("made\n");
  }

  private void clear() throws IOException {
    Files.delete(workspace.resolve("lib/a"));
    Files.delete(workspace.resolve("lib"));
  }

  @Test
  void a_run_keeps_no_more_than_it_may_and_says_so() {
    trial.surroundings = trial.surroundings.withKeeping(new Allowance(1_500_000));
    trial.run(
        sh("one", "head -c 1000000 /dev/zero >a.bin").keeps("a.bin"),
        sh("two", "head -c 1000000 /dev/zero >b.bin").keeps("b.bin"));

    assertThat(trial.finished("one").artifacts()).hasSize(1);
    assertThat(trial.finished("two").outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(trial.finished("two").artifacts()).isEmpty();
    assertThat(trial.reason())
        .contains("1 files with 0 MiB do not fit any more: a run keeps at most 1 MiB");
  }

  @Test
  void output_that_is_no_text_is_kept_byte_for_byte() {
    trial.run(
        sh("noise", "printf '\\377\\376\\000x'; printf 'a\\rb\\r'; printf %s \"$TOKEN\"")
            .needs(secret("TOKEN")));

    assertThat(trial.recorder.bytes("noise"))
        .isEqualTo("\u00ff\u00fe\0xa\rb\r***".getBytes(StandardCharsets.ISO_8859_1));
  }
}
