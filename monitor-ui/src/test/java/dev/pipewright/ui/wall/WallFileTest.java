package dev.pipewright.ui.wall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WallFileTest {
  private final Path folder;
  private int version;

  WallFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void withoutAFileThereAreDefaults() {
    assertThat(wall().current()).isEqualTo(new WallFile.Current(WallSettings.defaults(), null));
  }

  @Test
  void everyKeyIsRead() throws IOException {
    write("{\"title\":\"Ops\",\"hide\":[\"*-nightly\"],\"order\":\"name\"}");
    WallSettings settings = wall().current().settings();
    assertThat(settings.title()).isEqualTo("Ops");
    assertThat(settings.hide()).extracting("value").containsExactly("*-nightly");
    assertThat(settings.order()).isEqualTo(WallOrder.NAME);
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    write("{\"title\":\"Ops\"}");
    assertThat(wall().current().settings().order()).isEqualTo(WallOrder.SICK_FIRST);
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    WallFile wall = wall();
    write("{\"title\":\"Ops\"}");
    assertThat(wall.current().settings().title()).isEqualTo("Ops");
    write("{\"title\":\"Dev\"}");
    assertThat(wall.current().settings().title()).isEqualTo("Dev");
  }

  @Test
  void aBrokenFileIsAProblemAndTheLastGoodSettingsStay() throws IOException {
    WallFile wall = wall();
    write("{\"title\":\"Ops\"}");
    wall.current();
    write("{\"title\":");
    WallFile.Current current = wall.current();
    assertThat(current.settings().title()).isEqualTo("Ops");
    assertThat(current.problem()).contains("wall.json").contains("read again when it changes");
    assertThat(wall.current()).isEqualTo(current);
  }

  @Test
  void aRepairedFileEndsTheProblem() throws IOException {
    WallFile wall = wall();
    write("nonsense");
    assertThat(wall.current().problem()).isNotNull();
    write("{}");
    assertThat(wall.current().problem()).isNull();
  }

  @Test
  void aRemovedFileMeansDefaults() throws IOException {
    WallFile wall = wall();
    write("{\"title\":\"Ops\"}");
    wall.current();
    Files.delete(file());
    assertThat(wall.current().settings()).isEqualTo(WallSettings.defaults());
  }

  @Test
  void valuesThatMakeNoSenseAreNamed() throws IOException {
    WallFile wall = wall();
    write("{\"order\":\"by-mood\"}");
    assertThat(wall.current().problem()).contains("sick-first");
    write("{\"title\":\"\"}");
    assertThat(wall.current().problem()).contains("title");
    write("{\"hide\":[\"\"]}");
    assertThat(wall.current().problem()).contains("pattern");
  }

  @Test
  void aHugeFileIsNotRead() throws IOException {
    write("{\"title\":\"" + "x".repeat(70_000) + "\"}");
    assertThat(wall().current().problem()).contains("64 KiB");
  }

  private Path file() {
    return folder.resolve("wall.json");
  }

  private WallFile wall() {
    return new WallFile(file());
  }

  /** Writes the file with a time of its own, so that the test does not depend on the clock. */
  private void write(String json) throws IOException {
    Files.writeString(file(), json);
    Files.setLastModifiedTime(file(), FileTime.from(Instant.ofEpochSecond(1_000_000 + version++)));
  }
}
