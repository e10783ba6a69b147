package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.standalone.StandaloneMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code backup} and {@code restore} refuse before they do anything. */
class BackupCommandTest {
  @TempDir private Path folder;
  private final StringWriter said = new StringWriter();

  private int pipewright(String... arguments) {
    PrintWriter out = new PrintWriter(said, true);
    return StandaloneMain.execute(arguments, out, out);
  }

  @Test
  void anExistingFileIsNotWrittenOver() throws Exception {
    Path file = Files.writeString(folder.resolve("backup.tar"), "precious");
    assertThat(pipewright("backup", file.toString(), "--server", "http://127.0.0.1:1"))
        .isEqualTo(2);
    assertThat(said.toString()).contains("exists, so nothing was done");
    assertThat(file).hasContent("precious");
  }

  @Test
  void aServerThatIsAwayLeavesNoFile() throws Exception {
    String file = folder.resolve("backup.tar").toString();
    assertThat(pipewright("backup", file, "--server", "http://127.0.0.1:1", "--token", "adm_test"))
        .isOne();
    assertThat(said.toString()).contains("Is the server running?");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatIsNoBackupIsNotRestored() throws Exception {
    Path data = folder.resolve("data");
    Path file = Files.writeString(folder.resolve("notes.txt"), "no backup");
    assertThat(pipewright("restore", file.toString(), "--data", data.toString())).isOne();
    assertThat(said.toString()).contains("nothing was changed");
    Path none = folder.resolve("none.tar");
    assertThat(pipewright("restore", none.toString(), "--data", data.toString())).isEqualTo(2);
    assertThat(said.toString()).contains("There is no file " + none);
    assertThat(data).doesNotExist();
  }
}
