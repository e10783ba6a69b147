package dev.pipewright.spawner.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitEndTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | The engine ended, but the run was not finished.",
        "1 | The engine ended with exit code 1 before the run was finished.",
        "3 | The engine ended because a newer launch of the run exists.",
        "4 | The engine ended because it could not report to the server.",
        "137 | The container was killed (exit 137, not by Pipewright) before the run was finished.",
        "139 | The container was ended by signal 11 (exit 139, not by Pipewright) before the run was"
            + " finished."
      })
  void tellsInWordsHowAUnitEnded(int exitCode, String reason) {
    assertThat(UnitEnd.exited("container", exitCode).reason()).isEqualTo(reason);
  }
}
