package dev.pipewright.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
}
