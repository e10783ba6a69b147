package dev.pipewright.author;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.dsl.Triggers.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.*;
import dev.pipewright.dsl.definition.DefinitionProblem;
import java.time.Duration;
import java.util.List;
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
  void aLimitOfZeroAtOnceIsRefused() {
    assertThat(messages(inParallel(sh("a", "true"), sh("b", "true")).atMost(0))).hasSize(1);
  }
}
