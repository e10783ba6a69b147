package dev.pipewright.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.standalone.local.RunCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class StandaloneMainTest {
  @Test
  void everyCommandIsFoundByTheNameItHas() {
    assertThat(StandaloneMain.COMMANDS)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            command -> {
              Command said =
                  Objects.requireNonNull(command.getValue().getAnnotation(Command.class));
              assertThat(said.name()).isEqualTo(command.getKey());
              assertThat(said.aliases()).isEmpty();
            });
  }

  @Test
  void aNamedCommandIsReadAlone() {
    assertThat(StandaloneMain.commandsFor(new String[] {"run", "--only", "check"}))
        .isEqualTo(List.of(RunCommand.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "--version", "completion", "rnu"})
  void whereAllMatterAllAreRead(String first) {
    assertThat(StandaloneMain.commandsFor(new String[] {first}))
        .isEqualTo(StandaloneMain.COMMANDS.stream().map(Map.Entry::getValue).toList());
  }

  @Test
  void aTypingErrorIsAnsweredWithTheCommandThatWasMeant() {
    StringWriter said = new StringWriter();

    int exitCode =
        StandaloneMain.execute(
            new String[] {"aprove", "shop#1"}, new PrintWriter(said), new PrintWriter(said));

    assertThat(exitCode).isEqualTo(2);
    assertThat(said.toString()).contains("approve");
  }

  @Test
  void aWrongOptionOfACommandWithoutOptionsIsAnsweredToo() {
    StringWriter said = new StringWriter();

    int exitCode =
        StandaloneMain.execute(
            new String[] {"warm-up", "--fast"}, new PrintWriter(said), new PrintWriter(said));

    assertThat(exitCode).isEqualTo(2);
    assertThat(said.toString()).contains("--fast");
  }

  @Test
  void aWrongOptionIsAnsweredInAFewLinesThatSayWhereHelpIs() {
    StringWriter said = new StringWriter();

    int exitCode =
        StandaloneMain.execute(
            new String[] {"up", "--prot=9090"}, new PrintWriter(said), new PrintWriter(said));

    assertThat(exitCode).isEqualTo(2);
    assertThat(said.toString())
        .contains("--prot")
        .contains("--port")
        .contains("See 'pipewright up --help'.")
        .hasLineCount(3);
  }

  @Test
  void theHelpOfOneCommandNamesTheWholeCommandLine() {
    StringWriter said = new StringWriter();

    StandaloneMain.execute(
        new String[] {"run", "--help"}, new PrintWriter(said), new PrintWriter(said));

    assertThat(said.toString()).contains("Usage: pipewright run").contains("--only");
  }
}
