package dev.pipewright.author;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.test.CrashReport;
import dev.pipewright.test.PipelineTester;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Loses the engine of every shape of pipeline at every place. */
final class CrashSuiteTest {

  static Stream<Arguments> shapes() {
    return Shapes.all().entrySet().stream()
        .map(shape -> Arguments.of(shape.getKey(), shape.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void anyEngineCanBeLostAtAnyPlace(String shape, PipelineTester tester) {
    CrashReport report = tester.crashAtEveryEvent();

    assertThat(report.engines()).isGreaterThan(report.places());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void twoEnginesCanBeLostAtAnyPlace(String shape, PipelineTester tester) {
    CrashReport report = tester.crashTwiceAtEveryEvent();

    assertThat(report.engines()).isGreaterThan(2 * report.places());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void theWorkspaceCanBeLostAtAnyPlace(String shape, PipelineTester tester) {
    CrashReport report = tester.loseWorkspaceAtEveryEvent();

    assertThat(report.engines()).isGreaterThan(report.places());
  }
}
