package dev.pipewright.state.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LogTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLogsTest {
  private static final LogKey LOG = new LogKey(RunId.parse("shop#1"), StepPath.of("build"));
  private static final LogTime FIRST = new LogTime(0, Instant.ofEpochMilli(1_500));
  private static final LogTime SECOND = new LogTime(3, Instant.ofEpochMilli(2_500));

  @Test
  void halfOfATimeThatAKilledProcessLeftIsPassedOverAndWrittenOver(@TempDir Path folder)
      throws IOException {
    FolderLogs logs = new FolderLogs(folder);
    logs.append(LOG, 0, new byte[6]);
    logs.note(LOG, FIRST);
    Files.write(times(folder), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    assertThat(logs.times(LOG, 0, 9)).containsExactly(FIRST);
    logs.note(LOG, SECOND);
    assertThat(logs.times(LOG, 0, 9)).containsExactly(FIRST, SECOND);
  }

  @Test
  void timesGoWithTheirOutput(@TempDir Path folder) throws IOException {
    FolderLogs logs = new FolderLogs(folder);
    logs.append(LOG, 0, new byte[6]);
    logs.note(LOG, FIRST);
    assertThat(times(folder)).exists();
    logs.remove(LOG);
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile).toList()).isEqualTo(List.of());
    }
  }

  private static Path times(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".times"))
          .findAny()
          .orElse(folder.resolve("none"));
    }
  }
}
