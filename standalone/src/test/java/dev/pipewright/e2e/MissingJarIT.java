package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that cannot be started says why and ends, whatever it had started before. */
class MissingJarIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"monitor-ui-", "spawner-"})
  void aServerWithoutOneOfItsJarsEndsWithTheReason(String jar) throws Exception {
    Path log = folder.resolve("log");
    List<String> line =
        ServerProcess.command(
            "up",
            "--port",
            Integer.toString(ServerProcess.freePort()),
            "--data",
            folder.resolve("data").toString(),
            "--launcher",
            "auto");
    int classPath = line.indexOf("-cp") + 1;
    Path jars = Objects.requireNonNull(Path.of(line.get(classPath)).getParent());
    line.set(classPath, allBut(jar, jars));
    Process server =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
    } finally {
      server.destroyForcibly();
    }
    assertThat(server.exitValue()).isEqualTo(1);
    assertThat(Files.readString(log))
        .contains("pipewright: a part of this installation is missing")
        .contains("NoClassDefFoundError");
  }

  private static String allBut(String jar, Path lib) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith(jar))
          .map(Path::toString)
          .collect(Collectors.joining(":"));
    }
  }
}
