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
    assertThat(wall().current()).isEqualTo(new WallFile.Current(WallPlan.defaults(), null));
  }

  @Test
  void everyKeyIsRead() throws IOException {
    write("{\"title\":\"Ops\",\"hide\":[\"*-nightly\"],\"order\":\"name\"}");
    WallSettings settings = wall().current().plan().main();
    assertThat(settings.title()).isEqualTo("Ops");
    assertThat(settings.hide()).extracting("value").containsExactly("*-nightly");
    assertThat(settings.order()).isEqualTo(WallOrder.NAME);
  }

  @Test
  void aViewIsTheWallWithWhatItSaysOtherwise() throws IOException {
    write(
        """
        {"title": "All", "hide": ["*-nightly"], "strip": ["a", "acme-"],
         "groups": [{"name": "Payments", "match": ["pay-*"]}],
         "feeds": [{"name": "old", "url": "https://ci.example.org/cc.xml"}],
         "views": {"ops": {"title": "Ops", "hide": [], "own": false},
                   "dev": {"feeds": []}}}
        """);
    WallPlan plan = wall().current().plan();
    assertThat(plan.main().feeds()).containsExactly("old");
    assertThat(plan.main().strip()).containsExactly("acme-", "a");
    WallSettings ops = plan.view("ops").orElseThrow();
    assertThat(ops.title()).isEqualTo("Ops");
    assertThat(ops.hide()).isEmpty();
    assertThat(ops.own()).isFalse();
    assertThat(ops.groups()).isEqualTo(plan.main().groups());
    assertThat(plan.feedsOf(ops)).extracting("name").containsExactly("old");
    assertThat(plan.feedsOf(plan.view("dev").orElseThrow())).isEmpty();
    assertThat(plan.view("nobody")).isEmpty();
  }

  @Test
  void whatCannotBeMeantOfFeedsViewsAndGroupsIsNamed() throws IOException {
    String feed = "{\"name\":\"old\",\"url\":\"https://ci.example.org/cc.xml\"%s}";
    problem("{\"feeds\":[{\"name\":\"old\",\"url\":\"file:///etc/passwd\"}]}", "http or https");
    problem("{\"feeds\":[{\"name\":\"old\",\"url\":\"https://me:you@h/\"}]}", "\"user\"");
    problem("{\"feeds\":[{\"url\":\"https://h/\"}]}", "\"name\" of a feed");
    problem("{\"feeds\":[" + feed.formatted(",\"user\":\"me\"") + "]}", "\"password\" or neither");
    problem("{\"feeds\":[" + feed.formatted(",\"everySeconds\":1") + "]}", "5 to 3600");
    problem("{\"feeds\":[" + feed.formatted("") + "," + feed.formatted("") + "]}", "Two feeds");
    problem("{\"views\":{\"../x\":{}}}", "name of a view");
    problem("{\"views\":{\"ops\":{\"feeds\":[\"none\"]}}}", "no feed of the name");
    problem("{\"groups\":[{\"name\":\"Payments\"}]}", "\"match\" of the group");
  }

  private void problem(String json, String wanted) throws IOException {
    write(json);
    assertThat(wall().current().problem()).contains(wanted);
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    write("{\"title\":\"Ops\"}");
    assertThat(wall().current().plan().main().order()).isEqualTo(WallOrder.SICK_FIRST);
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    WallFile wall = wall();
    write("{\"title\":\"Ops\"}");
    assertThat(wall.current().plan().main().title()).isEqualTo("Ops");
    write("{\"title\":\"Dev\"}");
    assertThat(wall.current().plan().main().title()).isEqualTo("Dev");
  }

  @Test
  void aBrokenFileIsAProblemAndTheLastGoodSettingsStay() throws IOException {
    WallFile wall = wall();
    write("{\"title\":\"Ops\"}");
    wall.current();
    write("{\"title\":");
    WallFile.Current current = wall.current();
    assertThat(current.plan().main().title()).isEqualTo("Ops");
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
    assertThat(wall.current().plan().main()).isEqualTo(WallSettings.defaults());
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
