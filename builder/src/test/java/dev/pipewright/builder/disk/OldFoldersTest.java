package dev.pipewright.builder.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldFoldersTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir private Path root;

  private Path folder(String name, Duration age) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.writeString(folder.resolve("file"), "12345");
    OldFolders.noteUse(folder, NOON.minus(age));
    return folder;
  }

  @Test
  void whatWasUsedWithinThirtyDaysStays() throws Exception {
    Path old = folder("a/old/1.0", Duration.ofDays(31));
    Path used = folder("a/used/1.0", Duration.ofDays(29));

    assertThat(OldFolders.leaves(root)).containsExactlyInAnyOrder(old, used);
    assertThat(OldFolders.remove(root, OldFolders.leaves(root), NOON))
        .isEqualTo(new OldFolders.Removed(1, 5));

    assertThat(old).doesNotExist();
    assertThat(used.resolve("file")).hasContent("12345");
    assertThat(root).isDirectoryNotContaining("glob:**.removing");
  }

  @Test
  void whatWasMovedAsideWhenACleaningWasCutOffGoesAtTheNext() throws Exception {
    folder(".removing/1", Duration.ZERO);
    Path fresh = folder("new", Duration.ZERO);

    assertThat(OldFolders.leaves(root)).containsExactly(fresh);
    assertThat(OldFolders.remove(root, OldFolders.leaves(root), NOON))
        .isEqualTo(OldFolders.Removed.NOTHING);

    assertThat(root).isDirectoryNotContaining("glob:**.removing");
    assertThat(fresh.resolve("file")).exists();
  }

  @Test
  void aFolderThatWasNeverMadeIsClean() throws Exception {
    Path never = root.resolve("never");
    assertThat(OldFolders.leaves(never)).isEmpty();
    assertThat(OldFolders.remove(never, OldFolders.leaves(never), NOON))
        .isEqualTo(OldFolders.Removed.NOTHING);
    assertThat(never).doesNotExist();
  }
}
