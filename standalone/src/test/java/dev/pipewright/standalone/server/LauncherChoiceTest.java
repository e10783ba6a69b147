package dev.pipewright.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.standalone.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LauncherChoiceTest {
  @TempDir Path folder;

  @Test
  void whereNoImageCanBeHadTheNoteSaysWhatIsLostAndHowToChoose() throws Exception {
    ServerSettings settings = new ServerSettings();
    new CommandLine(settings)
        .parseArgs("--data", folder.resolve("data").toString(), "--image", "No Image");
    ServerAddress address = ServerAddress.of(settings, new ComponentSettings());

    LauncherChoice choice =
        LauncherChoice.make(settings, installation(), address, "launcher-choice-test");

    try (AutoCloseable _ = choice.launcher()) {
      assertThat(choice.launcher().name()).isEqualTo("process");
      assertThat(choice.note())
          .contains(
              "not isolated", "this server's data", "--launcher docker", "--launcher process");
    }
  }

  private Distribution installation() throws IOException {
    Path engine = Files.createDirectories(folder.resolve("dist").resolve("engine"));
    Path testing = Files.createDirectories(folder.resolve("dist").resolve("testing"));
    Files.createFile(engine.resolve("engine.jar"));
    Files.createFile(testing.resolve("testing.jar"));
    return new Distribution(folder, engine);
  }
}
