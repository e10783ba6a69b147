package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.state.KeepRule;
import dev.pipewright.state.http.CorsOrigins;
import dev.pipewright.state.metrics.GraphiteTarget;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Option;

class ServerSettingsTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  @Test
  void everyOptionHasItsVariableAndALineInTheDocumentation() throws IOException {
    String page = Files.readString(PAGE);
    int seen = 0;
    for (Field field :
        Stream.of(
                ServerSettings.class,
                ComponentSettings.class,
                ImageSettings.class,
                KeepSettings.class,
                MonitoringSettings.class)
            .flatMap(type -> Stream.of(type.getDeclaredFields()))
            .toList()) {
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
    assertThat(seen).as("options that were found at all").isGreaterThan(15);
  }

  @Test
  void keepingFewerRunsThanCanBeUnderWayIsRefused() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs("--keep-runs", "3", "--keep-days", "7");
    assertThatThrownBy(settings.keep::rule)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Keep at least 10 runs");
    new CommandLine(settings).parseArgs("--keep-runs", "20", "--keep-days", "7");
    assertThat(settings.keep.rule()).isEqualTo(new KeepRule(20, Duration.ofDays(7)));
  }

  @Test
  void registryIsRefusedBeforeAnythingStartsIfItIsNone() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs("--registry", "https://registry.example.com");
    assertThatThrownBy(settings.images::registry)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--registry")
        .hasMessageContaining("without a scheme");
    ServerSettings none = new ServerSettings();
    new CommandLine(none).parseArgs();
    assertThat(none.images.registry()).isNull();
    assertThat(none.images.login()).isNull();
    assertThat(none.images.cleaned()).isEqualTo(Duration.ofHours(6));
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
    assertThat(settings.workspacesKept()).isEqualTo(Duration.ofHours(2));
    assertThat(settings.engineUrl).isNull();
    assertThat(settings.maximumRuns()).isGreaterThanOrEqualTo(2);
    assertThat(settings.maximumTotalRuns()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theCommandLineWins() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings)
        .parseArgs(
            "--port",
            "9",
            "--launcher",
            "process",
            "--max-runs",
            "7",
            "--closed-reads",
            "--max-total-runs",
            "9");
    assertThat(settings.port).isEqualTo(9);
    assertThat(settings.launcher).isEqualTo(LauncherKind.process);
    assertThat(settings.maximumRuns()).isEqualTo(7);
    assertThat(settings.maximumTotalRuns()).isEqualTo(9);
    assertThat(settings.closedReads).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"90s,PT90S", "30m,PT30M", "2h,PT2H", "1d,P1D", "0s,PT0S"})
  void aTimeIsANumberAndAUnit(String text, Duration time) {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs("--workspace-keep", text);
    assertThat(settings.workspacesKept()).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "h", "-1h", "2 h", "1w", "99999999d"})
  void whatIsNoTimeIsRefusedWithAnExample(String text) {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs("--workspace-keep", text);
    assertThatThrownBy(settings::workspacesKept)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("90s, 30m, 2h or 1d, not '" + text + "'");
  }

  @Test
  void pagesOfOtherSitesAreNamedByTheirOrigins() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs();
    assertThat(settings.monitoring.origins()).isEqualTo(CorsOrigins.NONE);
    new CommandLine(settings).parseArgs("--cors-origins", "https://wall.example");
    assertThat(settings.monitoring.origins().origins()).containsExactly("https://wall.example");
    new CommandLine(settings).parseArgs("--cors-origins", "wall.example");
    assertThatThrownBy(settings.monitoring::origins)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("not 'wall.example'");
  }

  @Test
  void graphiteIsNamedByHostAndPort() {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs();
    assertThat(settings.monitoring.target()).isNull();
    new CommandLine(settings).parseArgs("--graphite", "graphite:2003", "--graphite-prefix", "ci");
    assertThat(settings.monitoring.target())
        .isEqualTo(GraphiteTarget.of("graphite:2003", "ci", 60));
    new CommandLine(settings).parseArgs("--graphite", "graphite");
    assertThatThrownBy(settings.monitoring::target)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("HOST:PORT");
  }
}
