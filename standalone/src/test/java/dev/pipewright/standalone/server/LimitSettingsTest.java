package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.spawner.docker.Isolation;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Option;

class LimitSettingsTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  private static LimitSettings parsed(String... arguments) {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs(arguments);
    return settings.limits;
  }

  @Test
  void everyOptionHasItsVariableAndALineInTheDocumentation() throws IOException {
    String page = Files.readString(PAGE);
    int seen = 0;
    for (Field field : LimitSettings.class.getDeclaredFields()) {
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
    assertThat(seen).isEqualTo(12);
  }

  @Test
  void theLimitsAreSafeByDefault() {
    LimitSettings limits = parsed();

    assertThat(limits.limits())
        .isEqualTo(Limits.defaults(Runtime.getRuntime().availableProcessors()));
    assertThat(limits.isolation()).isEqualTo(Isolation.DEFAULT);
    assertThat(limits.longestRun()).isEqualTo(Duration.ofHours(24));
    assertThat(limits.longestStart()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void foreignRunsHaveAWayOutOnlyIfTheSettingsSaySo() {
    assertThat(
            parsed("--foreign-network", "own", "--foreign-runtime", "runsc").isolation().foreign())
        .isEqualTo(new Isolation.Foreign(true, "runsc"));
    assertThatThrownBy(() -> parsed("--foreign-network", "all").isolation())
        .isInstanceOf(CommandException.class)
        .hasMessage("--foreign-network is none or own, not 'all'.");
  }

  @Test
  void theyCanBeSet() {
    LimitSettings limits =
        parsed("--memory", "512m", "--cpus", "0.5", "--processes", "99", "--disk", "3g");

    assertThat(limits.limits()).isEqualTo(new Limits(512L << 20, 99, 0.5, 3L << 30, 16L << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "0m", "-1g", "4 g", "4t"})
  void whatIsNoSizeIsRefusedWithAnExample(String text) {
    LimitSettings limits = parsed("--memory", text);

    assertThatThrownBy(limits::limits)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("512m or 4g, not '" + text + "'");
  }

  @Test
  void whatIsNoTimeIsRefusedByTheNameOfItsOption() {
    LimitSettings limits = parsed("--time-limit", "soon");

    assertThatThrownBy(limits::longestRun)
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--time-limit is a time");
  }
}
