package dev.pipewright.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

class ConfigFileTest {
  private static final OptionSpec MAX_RUNS = OptionSpec.builder("--max-runs").build();

  @TempDir Path folder;

  @Test
  void theFileGivesWhatTheEnvironmentDoesNot() throws IOException {
    Path file = Files.writeString(folder.resolve("pipewright.properties"), "max-runs=5\n");
    List<String> arguments = List.of("up", "--config", file.toString());

    assertThat(ConfigFile.of(arguments, Map.of()).defaultValue(MAX_RUNS)).isEqualTo("5");
    assertThat(ConfigFile.of(arguments, Map.of("PIPEWRIGHT_MAX_RUNS", "9")).defaultValue(MAX_RUNS))
        .isNull();
  }

  @Test
  void withoutAFileNothingIsGiven() {
    assertThat(ConfigFile.of(List.of("up"), Map.of()).defaultValue(MAX_RUNS)).isNull();
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigFile.of(List.of("up", "--config=nowhere"), Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nowhere");
  }

  @ParameterizedTest
  @CsvSource({"prt, port", "closed-read, closed-reads", "max_runs, max-runs"})
  void aKeyThatIsNoOptionIsRefusedWithItsLineAndTheNearestOne(String key, String nearest)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("pipewright.properties"),
            "# port \\\nhost=127.0.\\\n  0.1\n\n" + key + "=1\n");

    StringWriter said = new StringWriter();
    int exitCode =
        StandaloneMain.execute(
            new String[] {"up", "--config", file.toString()},
            new PrintWriter(said),
            new PrintWriter(said));

    assertThat(exitCode).isEqualTo(2);
    assertThat(said.toString())
        .contains(file + ", line 5: '" + key + "' is no option a file can say")
        .contains("Did you mean '" + nearest + "'?");
  }

  @Test
  void aLineThatGoesOnIsOneValue() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("pipewright.properties"), "# runs \\\nmax-runs=1\\\n  2\n");
    List<String> arguments = List.of("up", "--config", file.toString());

    assertThat(ConfigFile.of(arguments, Map.of()).defaultValue(MAX_RUNS)).isEqualTo("12");
  }

  @Test
  void aLineThatCannotBeReadIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("pipewright.properties"), "port=1\nhost=\\u00\n");

    assertThatThrownBy(() -> ConfigFile.of(List.of("up", "--config", file.toString()), Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("line 2");
  }
}
