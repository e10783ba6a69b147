package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.*;
import dev.pipewright.dsl.definition.DefinitionCheck;
import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.SourceLocation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DefinitionProblemsTest {

  private static List<String> messages(Step first, Step... rest) {
    Pipeline pipeline = pipeline("p").startedBy(manually()).runs(first, rest);
    return Definitions.problems(pipeline).stream().map(DefinitionProblem::message).toList();
  }

  @Test
  void allProblemsAreReportedAtOnceEachWithItsOwnLine() {
    int here = new Throwable().getStackTrace()[0].getLineNumber();
    Pipeline wrong =
        pipeline("a/b")
            .startedBy(push("main"), push("main"))
            .runs(
                sh("", "true"),
                sh("slow", "true").timeout(Duration.ZERO).attempts(0),
                sh("slow", " "),
                inParallelFor(List.<String>of(), name -> sh(name, "true")));

    List<DefinitionProblem> problems = Definitions.problems(wrong);

    assertThat(problems).hasSize(8);
    assertThat(problems).allMatch(p -> p.location().file().equals("DefinitionProblemsTest.java"));
    assertThat(problems)
        .extracting(p -> p.location().line() - here)
        .containsExactly(2, 3, 5, 6, 6, 7, 7, 8);
  }

  @Test
  void memoryIsASizeAndProcessorsAreMoreThanNone() {
    for (String right : List.of("128m", "131072k", "4g")) {
      assertThat(problemsOf(right, 0.01)).as(right).isEmpty();
    }
    for (String wrong : List.of("", "0g", "1", "4G", "1.5g", "127m", "9999999999g", "-1g", "m")) {
      assertThat(problemsOf(wrong, 1)).as(wrong).singleElement().asString().contains("512m or 2g");
    }
    for (double wrong : new double[] {0, -1, 0.001, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(problemsOf("1g", wrong)).singleElement().asString().contains("0.01 to 1024");
    }
  }

  private static List<String> problemsOf(String memory, double cpus) {
    Pipeline asking =
        pipeline("p").startedBy(manually()).memory(memory).cpus(cpus).runs(sh("a", "true"));
    return Definitions.problems(asking).stream().map(DefinitionProblem::message).toList();
  }

  @Test
  void atLeastOneRunMustBeAllowedAtOnce() {
    int here = new Throwable().getStackTrace()[0].getLineNumber();
    Pipeline wrong =
        pipeline("p").startedBy(manually()).atMost(0).cancelSuperseded().runs(sh("a", "true"));

    assertThat(Definitions.problems(wrong))
        .singleElement()
        .extracting(problem -> problem.location().line() - here)
        .isEqualTo(2);
  }

  @Test
  void aNameOfTenThousandCharactersIsRefusedWithAShortMessage() {
    List<String> messages = messages(sh("n".repeat(10_000), "true"));

    assertThat(messages.getFirst()).contains("at most 200 characters").hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", "a\u0000b", "a\nb", "..", "."})
  void namesThatCannotBePartOfAPathAreRefused(String name) {
    assertThat(messages(sh(name, "true"))).hasSize(1);
  }

  @Test
  void twoStepsOfOnePathAreRefusedEvenThroughUnnamedContainers() {
    assertThat(messages(sh("a", "true"), onBranch("main", sh("a", "true"))))
        .singleElement()
        .asString()
        .contains("two steps named 'a'")
        .contains("DefinitionProblemsTest.java:");
  }

  @Test
  void equalNamesInDifferentStagesAreFine() {
    assertThat(messages(stage("x", sh("a", "true")), stage("y", sh("a", "true")))).isEmpty();
  }

  @Test
  void stepsOfEnsureLiveBelowTheirStep() {
    assertThat(messages(sh("a", "true").ensure(sh("b", "true")), sh("b", "true"))).isEmpty();
    assertThat(messages(sh("a", "true").ensure(sh("b", "true")).onFailure(sh("b", "true"))))
        .singleElement()
        .asString()
        .contains("a/b");
  }

  @ParameterizedTest
  @CsvSource({
    "'0 3 * * *', true",
    "'*/15 0-6 1,15 JAN sun', true",
    "'0 3 * *', false",
    "'60 * * * *', false",
    "'* 5-2 * * *', false",
    "'*/0 * * * *', false",
    "'* * 0 * *', false",
    "'a * * * *', false",
    "'', false",
    "'1,,2 * * * *', false",
    "@daily, true",
    "@Weekly, true",
    "@noon, false",
    "'0 0 31 2 *', false",
    "'0 0 30,31 FEB *', false",
    "'0 0 31 4-6/2 *', false",
    "'0 0 31 4/3 *', true",
    "'0 0 29 2 *', true",
    "'0 0 31 2 MON', true",
  })
  void cronExpressionsAreChecked(String expression, boolean fine) {
    Pipeline pipeline = pipeline("p").startedBy(cron(expression)).runs(sh("a", "true"));

    assertThat(Definitions.problems(pipeline).isEmpty()).isEqualTo(fine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../x", "a/../../x", ""})
  void filesOutsideTheWorkspaceCannotBeKept(String glob) {
    assertThat(messages(sh("a", "true").keeps(glob))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A B", "1A", "", "A=B", "PIPEWRIGHT_RUN"})
  void badEnvironmentVariablesAreRefused(String name) {
    assertThat(messages(sh("a", "true").env(name, "x"))).hasSize(1);
  }

  @Test
  void parametersAreChecked() {
    assertThat(
            messages(
                approval("a")
                    .takes(
                        Parameter.text("a b"),
                        Parameter.choice("c", "x", "x", "").byDefault("z"),
                        Parameter.bool("c"),
                        Parameter.text("t").byDefault("n".repeat(10_001)))))
        .satisfiesExactly(
            first -> assertThat(first).contains("'a b'"),
            second -> assertThat(second).contains("'x' twice"),
            third -> assertThat(third).contains("choice").contains("is empty"),
            fourth -> assertThat(fourth).contains("'z'").contains("x, x"),
            fifth -> assertThat(fifth).contains("'c' is asked for twice"),
            sixth -> assertThat(sixth).contains("10,000"));
    assertThat(messages(approval("a").takes(Parameter.choice("c", "x").byDefault("x")))).isEmpty();
    assertThat(messages(trigger("x").parameter("a=b", "1").parameter("", Output.text("o"))))
        .hasSize(2);
  }

  @Test
  void aLockThatIsHeldAlreadyIsRefusedWhereverItWouldBeTakenAgain() {
    String problem = "The lock 'l' is held here already (taken at DefinitionProblemsTest.java:";
    assertThat(messages(withLock("l", stage("s", sh("a", "true").locks("l")))))
        .singleElement()
        .asString()
        .startsWith(problem)
        .contains("wait for itself");
    assertThat(messages(stage("s", withLock("l", sh("a", "true"))).locks("l"))).hasSize(1);
    assertThat(messages(sh("a", "true").locks("l").ensure(sh("b", "true").locks("l")))).hasSize(1);
    assertThat(messages(withLock("l", sh("a", "true")).onFailure(withLock("l", sh("b", "true")))))
        .hasSize(1);
    assertThat(messages(sh("a", "true").locks("l"), sh("b", "true").locks("l").locks("m")))
        .isEmpty();
  }

  @Test
  void stepsThatBecomeKnownLaterAreCheckedAgainstTheLocksAroundThem() {
    Pipeline inner = pipeline("p").startedBy(manually()).runs(sh("a", "true").locks("l"));
    SourceLocation taken = new SourceLocation("Shop.java", 7);

    assertThat(DefinitionCheck.problems(Definitions.read(inner).steps(), "e", Map.of("l", taken)))
        .singleElement()
        .asString()
        .contains("taken at Shop.java:7");
    assertThat(DefinitionCheck.problems(Definitions.read(inner).steps(), "e")).isEmpty();
  }

  @Test
  void onlyCommandsRunInAnotherImage() {
    assertThat(messages(sh("a", "true").image("x"), exec("b", "true").image("x"))).isEmpty();
    assertThat(messages(step("a", step -> {}).image("x"), checkout().image("x")))
        .hasSize(2)
        .allMatch(message -> message.startsWith("Only sh and exec run in another image"));
  }

  @Test
  void servicesOfOneStepHaveDifferentNames() {
    Service one = service("db", "postgres:17");
    Service other = service("db", "mysql:9");

    assertThat(messages(sh("a", "true").with(one, other))).hasSize(1);
    assertThat(messages(sh("a", "true").with(one), sh("b", "true").with(other))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/srv/x", "..", "a/../b", ".", ".git", "a//b", "''", "x/"})
  void aCheckoutStaysInsideTheWorkspace(String folder) {
    assertThat(messages(withCheckout(git("https://h/x.git").into(folder), sh("a", "true"))))
        .hasSize(1);
  }

  @Test
  void aUrlWithoutANameNeedsAFolder() {
    assertThat(messages(withCheckout(git("https://h/.git"), sh("a", "true")))).hasSize(1);
    assertThat(messages(withCheckout(git("https://h/.git").into("h"), sh("a", "true")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "maven, .m2, true",
    "m-{files:**/pom.xml}-{files:a}, .m2, true",
    "m-{files:**/pom.xml, .m2, false",
    "m-{files:}, .m2, false",
    "m-{files:../x}, .m2, false",
    "maven, /root/.m2, false",
    "maven, ../.m2, false",
    "'', .m2, false",
  })
  void cachesAreChecked(String key, String path, boolean fine) {
    assertThat(messages(sh("a", "true").cache(key, path)).isEmpty()).isEqualTo(fine);
  }

  @Test
  void atMostOnceAndAttemptsGoTogether() {
    assertThat(messages(sh("a", "true").atMostOnce().attempts(3))).isEmpty();
  }

  @Test
  void aLimitOfZeroAtOnceIsRefused() {
    assertThat(messages(inParallel(sh("a", "true"), sh("b", "true")).atMost(0))).hasSize(1);
  }
}
