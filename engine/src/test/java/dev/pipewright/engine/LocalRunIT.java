package dev.pipewright.engine;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.approval;
import static dev.pipewright.dsl.Steps.secret;
import static dev.pipewright.dsl.Steps.sh;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Steps.trigger;
import static dev.pipewright.dsl.Triggers.manually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.dsl.Parameter;
import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.engine.history.RefusedException;
import dev.pipewright.engine.local.LocalAsk;
import dev.pipewright.engine.local.LocalClaim;
import dev.pipewright.engine.local.LocalFolder;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Local runs with real commands, gone on with from what they leave in their folders. */
class LocalRunIT {
  @TempDir Path folder;

  private final StringBuilder heard = new StringBuilder();
  private final RunListener listener =
      new RunListener() {
        @Override
        public void event(EventEnvelope event) {}

        @Override
        public void output(StepPath step, byte[] bytes) {
          heard.append(new String(bytes, StandardCharsets.UTF_8));
        }
      };

  static final class Shop implements PipelineDefinition {
    private static final Parameter<String> VERSION = Parameter.text("version");

    @Override
    public Pipeline define() {
      return pipeline("shop")
          .startedBy(manually())
          .runs(
              sh("build", "echo build >> trace"),
              approval("ship").asks("Ship it?").takes(VERSION),
              step("deploy", step -> step.sh("echo deploy " + step.get(VERSION) + " >> trace")));
    }
  }

  static final class Careful implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("careful")
          .startedBy(manually())
          .runs(
              sh("first", "echo first >> trace"),
              sh("second", "echo second >> trace; echo tried; test -e go").atMostOnce(),
              sh("key", "echo \"key $KEY\"").needs(secret("KEY")));
    }
  }

  static final class Caller implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("caller").startedBy(manually()).runs(trigger("called"));
    }
  }

  static final class Called implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("called").startedBy(manually()).runs(sh("called", "echo called >> trace"));
    }
  }

  static final class Lost implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("lost").startedBy(manually()).runs(trigger("nowhere"));
    }
  }

  @BeforeEach
  void theClassesAreAloneOnTheirClassPath() throws Exception {
    Path classes = Path.of(Shop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path own = Files.createDirectories(folder.resolve("own/dev/pipewright/engine"));
    for (String name : List.of("Shop", "Careful", "Caller", "Called", "Lost")) {
      String file = "LocalRunIT$" + name + ".class";
      Files.copy(classes.resolve("dev/pipewright/engine").resolve(file), own.resolve(file));
    }
    Files.createDirectories(folder.resolve("tree"));
  }

  private LocalRun.Request request(String pipeline, Map<String, String> secrets) {
    return new LocalRun.Request(
        List.of(folder.resolve("own")),
        pipeline,
        null,
        folder.resolve("tree"),
        runs(),
        Map.of(),
        System.getenv(),
        secrets);
  }

  private Path runs() {
    return folder.resolve("state/runs");
  }

  private LocalRun.Result begin(String pipeline, LocalAsk people) throws IOException {
    try (LocalRun run = LocalRun.open(request(pipeline, Map.of("KEY", "hidden-key")));
        Cancellation cancellation = Cancellation.root()) {
      return run.begin(listener, people, cancellation);
    }
  }

  private LocalRun.Result resume(LocalAsk people) throws IOException {
    LocalFolder place = Objects.requireNonNull(LocalFolder.last(runs(), null, true));
    try (LocalRun run =
            LocalRun.open(
                request("", Map.of("KEY", "hidden-key")), Objects.requireNonNull(place.mark()));
        Cancellation cancellation = Cancellation.root()) {
      return run.resume(place, listener, people, cancellation);
    }
  }

  private List<String> trace() throws IOException {
    Path file = folder.resolve("tree/trace");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static LocalAsk says(Answer.Verdict verdict, Map<String, String> values) {
    return waits ->
        List.of(
            new Answer(
                waits.getFirst().key(),
                verdict,
                "ann",
                null,
                InstantSource.system().instant(),
                values));
  }

  @Test
  void aRunIsLeftWaitingAndAnotherProcessGoesOnWithTheAnswer() throws IOException {
    LocalRun.Result left = begin("shop", LocalAsk.NOBODY);
    assertThat(left.outcome()).isNull();
    assertThat(left.waits()).extracting(OpenWait::path).containsExactly(new StepPath("ship"));
    assertThat(trace()).containsExactly("build");

    LocalRun.Result done = resume(says(Answer.Verdict.APPROVED, Map.of("version", "v7")));

    assertThat(done.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done.run()).isEqualTo(left.run());
    assertThat(trace()).containsExactly("build", "deploy v7");
    assertThat(LocalFolder.last(runs(), null, true)).isNull();
  }

  @Test
  void whoIsThereIsAskedAtOnceAndMaySayNo() throws IOException {
    LocalRun.Result done = begin("shop", says(Answer.Verdict.REJECTED, Map.of()));
    assertThat(done.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(done.reason()).contains("rejected by ann");
    assertThat(trace()).containsExactly("build");
  }

  /** As a process that was killed during its second step leaves the folder. */
  private void aRunWasKilledDuring(String step) throws IOException {
    begin("careful", LocalAsk.NOBODY);
    Path events = LocalFolder.of(runs(), 1).folder().resolve("events.jsonl");
    List<String> all = Files.readAllLines(events);
    int cut = 0;
    while (!(all.get(cut).contains("step-started") && all.get(cut).contains("\"" + step + "\""))) {
      cut++;
    }
    Files.write(events, all.subList(0, cut + 1));
    Files.writeString(events, "{\"seq\":99,\"at\":\"20", StandardOpenOption.APPEND);
    Files.delete(folder.resolve("tree/trace"));
  }

  @Test
  void whatWasFinishedIsNotDoneAgainAndHalfALineDoesNotMatter() throws IOException {
    Files.createFile(folder.resolve("tree/go"));
    aRunWasKilledDuring("key");
    assertThat(resume(LocalAsk.NOBODY).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trace()).isEmpty();
  }

  @Test
  void aStepThatMayRunOnlyOnceWaitsForAPersonWhoKnowsHowItEnded() throws IOException {
    aRunWasKilledDuring("second");
    assertThat(resume(LocalAsk.NOBODY).outcome()).isNull();
    LocalRun.Result done = resume(says(Answer.Verdict.APPROVED, Map.of("end", "happened")));
    assertThat(done.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trace()).isEmpty();
  }

  @Test
  void aFurtherAttemptBeginsAtAStepAndKeepsWhatTheOthersLeft() throws Exception {
    assertThat(begin("careful", LocalAsk.NOBODY).outcome()).isEqualTo(Outcome.FAILED);
    Files.createFile(folder.resolve("tree/go"));
    LocalFolder place = LocalFolder.of(runs(), 1);
    try (LocalRun run = LocalRun.open(request("careful", Map.of("KEY", "hidden-key")));
        Cancellation cancellation = Cancellation.root()) {
      assertThatThrownBy(
              () -> run.again(place, new StepPath("key"), listener, LocalAsk.NOBODY, cancellation))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("second");

      LocalRun.Result done =
          run.again(place, new StepPath("second"), listener, LocalAsk.NOBODY, cancellation);

      assertThat(done.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(done.run()).hasToString("careful#1");
    }
    assertThat(trace()).containsExactly("first", "second", "second");
    assertThat(place.history().attempt()).isEqualTo(2);
    assertThat(place.folder().resolve("logs.1/second.log")).hasContent("tried");
    assertThat(place.folder().resolve("logs/second.log")).hasContent("tried");
  }

  @Test
  void secretsReachTheirStepAreHiddenAndAreNamedIfTheyAreMissing() throws IOException {
    try (LocalRun run = LocalRun.open(request("careful", Map.of()))) {
      assertThat(run.missingSecrets()).containsExactly("KEY");
    }
    Files.createFile(folder.resolve("tree/go"));
    assertThat(begin("careful", LocalAsk.NOBODY).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(heard.toString()).contains("key ***").doesNotContain("hidden-key");
  }

  @Test
  void anotherPipelineOfTheTreeIsRunAndOneThatIsNotThereIsAnError() throws IOException {
    LocalRun.Result done = begin("caller", LocalAsk.NOBODY);
    assertThat(done.outcome()).as(String.valueOf(done.reason())).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trace()).containsExactly("called");
    assertThat(LocalFolder.of(runs(), 2).history().over()).isNotNull();

    LocalRun.Result lost = begin("lost", LocalAsk.NOBODY);
    assertThat(lost.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(lost.reason()).contains("There is no pipeline 'nowhere'");
  }

  @Test
  void whileOneProcessWorksOnARunNoOtherDoes() throws IOException {
    begin("shop", LocalAsk.NOBODY);
    LocalFolder place = LocalFolder.of(runs(), 1);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process other =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                place.folder().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.getInputStream().read()).isEqualTo('h');
      assertThatThrownBy(() -> resume(LocalAsk.NOBODY))
          .hasMessage("run 1 is still being worked on by another process");
    } finally {
      other.destroyForcibly();
    }
  }

  /** Holds a run until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (LocalClaim _ = new LocalFolder(1, Path.of(args[0])).claim()) {
        System.out.print('h');
        System.out.flush();
        System.in.read();
      }
    }
  }

  @Test
  void whatAKilledEngineLeftRunningIsEnded() throws Exception {
    Path tree = folder.resolve("tree").toRealPath();
    ProcessBuilder command = new ProcessBuilder("sleep", "300");
    command.environment().put("PIPEWRIGHT_RUN", "shop#1");
    command.environment().put("PIPEWRIGHT_WORKSPACE", tree.toString());
    Process left = command.start();
    command.environment().put("PIPEWRIGHT_RUN", "shop#11");
    Process other = command.start();
    try {
      begin("shop", LocalAsk.NOBODY);
      resume(LocalAsk.NOBODY);
      assertThat(left.waitFor()).isNotZero();
      assertThat(other.isAlive()).isTrue();
    } finally {
      left.destroyForcibly();
      other.destroyForcibly();
    }
  }
}
