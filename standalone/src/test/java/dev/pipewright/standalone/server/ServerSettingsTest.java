package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Option;

class ServerSettingsTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  @Test
  void everyOptionHasItsVariableAndALineInTheDocumentation() throws IOException {
    String page = Files.readString(PAGE);
    int seen = 0;
    for (Field field : ServerSettings.class.getDeclaredFields()) {
      Option option = field.getAnnotation(Option.class);
      if (option == null) {
        continue;
      }
      String name = option.names()[0];
      String variable =
          "PIPEWRIGHT_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
      assertThat(option.defaultValue()).as(name).startsWith("${env:" + variable);
      assertThat(page).as(name).contains("| `" + name + "` | `" + variable + "` |");
      seen++;
    }
    assertThat(seen).isEqualTo(11);
  }

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs();
    assertThat(settings.port).isEqualTo(8080);
    assertThat(settings.host).isEqualTo("0.0.0.0");
    assertThat(settings.data).isEqualTo(Path.of("pipewright-data"));
    assertThat(settings.launcher).isEqualTo(LauncherKind.auto);
    assertThat(settings.closedReads).isFalse();
    assertThat(settings.maximumRuns()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void theCommandLineWins() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings)
        .parseArgs("--port", "9", "--launcher", "process", "--max-runs", "7", "--closed-reads");
    assertThat(settings.port).isEqualTo(9);
    assertThat(settings.launcher).isEqualTo(LauncherKind.process);
    assertThat(settings.maximumRuns()).isEqualTo(7);
    assertThat(settings.closedReads).isTrue();
  }
}
