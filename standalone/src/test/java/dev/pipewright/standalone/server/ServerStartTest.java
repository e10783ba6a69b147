package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.standalone.CommandException;
import dev.pipewright.standalone.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ServerStartTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "--port, 99999, from 1 to 65535",
    "--port, -1, from 1 to 65535",
    "--memory, 4q, like 512m or 4g",
    "--foreign-network, all, none or own",
    "--start-deadline, soon, 2h or 1d",
    "--max-runs, -1, not negative",
    "--grace, -1, not negative",
    "--reconcile, -1, not negative",
    "--host, a b, no address",
    "--public-url, http://a b, no address",
    "--graphite, nowhere, HOST:PORT",
    "--registry, https://x, without a scheme"
  })
  void aValueThatCannotBeMeantIsRefusedBeforeAnythingIsMade(
      String option, String value, String expected) {
    Path data = folder.resolve("data");

    assertThatThrownBy(() -> start("--data", data.toString(), option, value))
        .hasMessageContaining(option)
        .hasMessageContaining(expected)
        .asInstanceOf(InstanceOfAssertFactories.type(CommandException.class))
        .extracting(CommandException::exitCode)
        .isEqualTo(2);
    assertThat(data).doesNotExist();
  }

  @Test
  void aDataFolderThatCannotBeMadeIsNamedWithWhatToDo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    assertThatThrownBy(() -> start("--port", "0", "--data", file.resolve("data").toString()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Could not make the data folder")
        .hasMessageContaining("--data");
  }

  private void start(String... options) {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings).parseArgs(options);
    Server.start(settings, new Distribution(folder, folder)).close();
  }
}
