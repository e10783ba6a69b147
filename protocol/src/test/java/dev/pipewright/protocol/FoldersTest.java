package dev.pipewright.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir private Path folder;

  @Test
  void aFolderIsDeletedWithAllItHoldsAndNothingThatItsLinksLeadTo() throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "still there");
    Path doomed = folder.resolve("doomed");
    Path inner = Files.createDirectories(doomed.resolve("a/b"));
    Files.writeString(inner.resolve("file"), "gone");
    Files.createSymbolicLink(inner.resolve("link"), kept);
    Files.createSymbolicLink(doomed.resolve("way out"), folder);
    Folders.delete(doomed);
    assertThat(doomed).doesNotExist();
    assertThat(kept).hasContent("still there");
  }

  @Test
  void foldersThatMayNotBeWrittenAreDeletedToo() throws IOException {
    Path doomed = folder.resolve("doomed");
    Path closed = Files.createDirectories(doomed.resolve("closed"));
    Files.writeString(closed.resolve("file"), "gone");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    Folders.delete(doomed);
    assertThat(doomed).doesNotExist();
  }

  @Test
  void whatIsNotThereIsNoFault() throws IOException {
    Folders.delete(folder.resolve("nothing"));
    assertThat(folder).isEmptyDirectory();
  }
}
