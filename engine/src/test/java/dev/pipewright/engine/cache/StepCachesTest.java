package dev.pipewright.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.dsl.definition.SourceLocation;
import dev.pipewright.engine.files.WorkspaceFiles;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.api.CacheAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders come back as they were, from nowhere but an archive that keeps to itself. */
final class StepCachesTest {
  private static final CacheLimits SMALL = new CacheLimits(100_000, 1_000_000, 100);

  private final Path folder;
  private final Path first;
  private final Path second;
  private final List<String> log = new ArrayList<>();
  private Instant now = Instant.parse("2026-05-01T10:00:00Z");
  private Caches caches;

  StepCachesTest(@TempDir Path folder) {
    this.folder = folder;
    this.first = folder.resolve("first");
    this.second = folder.resolve("second");
    this.caches = new LocalCaches(folder.resolve("caches"), "shop", () -> now);
  }

  @BeforeEach
  void workspaces() throws IOException {
    Files.createDirectories(first);
    Files.createDirectories(second);
  }

  private static Modifier.Cache cache(String key, String... paths) {
    return new Modifier.Cache(key, List.of(paths), new SourceLocation("P.java", 1));
  }

  private StepCaches in(Path workspace) throws IOException {
    return new StepCaches(caches, workspace, log::add, SMALL);
  }

  /** Misses in the first workspace and stores what is there. */
  private void keep(Modifier.Cache cache) throws Exception {
    StepCaches step = in(first);
    step.restore(List.of(cache));
    step.store();
  }

  private void restore(Modifier.Cache cache) throws Exception {
    in(second).restore(List.of(cache));
  }

  private static Path file(Path path, String content) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  @Test
  void what_was_missed_is_stored_and_comes_back_with_modes_times_and_links() throws Exception {
    Path tool = file(first.resolve("lib/bin/tööl"), "run");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(tool, FileTime.from(Instant.parse("2020-02-02T02:02:02Z")));
    file(first.resolve("lib/" + "n".repeat(150) + "/" + "f".repeat(150)), "deep");
    Files.createDirectory(first.resolve("lib/empty"));
    Files.createSymbolicLink(first.resolve("lib/link"), Path.of("bin/tööl"));
    Files.createSymbolicLink(first.resolve("lib/out"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(first.resolve("lib/up"), Path.of("../../first/lib"));
    Files.setPosixFilePermissions(
        first.resolve("lib/empty"), PosixFilePermissions.fromString("r-xr-xr-x"));

    keep(cache("deps", "lib"));
    restore(cache("deps", "lib"));

    assertThat(second.resolve("lib/bin/tööl")).hasContent("run");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(second.resolve("lib/bin/tööl"))))
        .isEqualTo("rwxr-x---");
    assertThat(Files.getLastModifiedTime(second.resolve("lib/bin/tööl")).toInstant())
        .isEqualTo("2020-02-02T02:02:02Z");
    assertThat(second.resolve("lib/" + "n".repeat(150) + "/" + "f".repeat(150))).hasContent("deep");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(second.resolve("lib/empty"))))
        .isEqualTo("r-xr-xr-x");
    assertThat(Files.readSymbolicLink(second.resolve("lib/link"))).hasToString("bin/tööl");
    assertThat(Files.exists(second.resolve("lib/out"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(Files.exists(second.resolve("lib/up"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(log).hasSize(3);
    assertThat(log.get(0)).contains("miss: nothing is stored");
    assertThat(log.get(1)).contains("stored, ").contains("without 2 links");
    assertThat(log.get(2)).contains("hit, ").contains("stored 2026-05-01T10:00:00Z");
    assertThat(second).isDirectoryNotContaining("glob:**/.pipewright-cache-*");
  }

  @Test
  void a_hit_is_not_stored_again() throws Exception {
    file(first.resolve("lib/a"), "old");
    keep(cache("deps", "lib"));
    StepCaches step = in(second);
    step.restore(List.of(cache("deps", "lib")));
    Files.writeString(second.resolve("lib/a"), "new");
    log.clear();
    step.store();

    assertThat(log).isEmpty();
  }

  @Test
  void files_in_the_key_make_another_key_when_they_change() throws Exception {
    file(first.resolve("pom.xml"), "one");
    file(first.resolve("lib/a"), "a");
    file(second.resolve("pom.xml"), "two");
    keep(cache("m-{files:**pom.xml}-x", "lib"));
    restore(cache("m-{files:**pom.xml}-x", "lib"));
    assertThat(log.getLast()).contains("miss");

    file(second.resolve("pom.xml"), "one");
    restore(cache("m-{files:**pom.xml}-x", "lib"));
    assertThat(log.getLast()).contains("hit").matches("\\[cache m-[0-9a-f]{16}-x@[0-9a-f]{8}: .*");
  }

  @Test
  void other_folders_under_the_same_key_are_another_cache() throws Exception {
    file(first.resolve("lib/a"), "a");
    keep(cache("deps", "lib"));
    restore(cache("deps", "other"));

    assertThat(log.getLast()).contains("miss");
  }

  @Test
  void what_is_there_already_stays_as_it_is() throws Exception {
    file(first.resolve("a/x"), "cached");
    file(first.resolve("b/x"), "cached");
    keep(cache("deps", "a", "b"));
    file(second.resolve("a/x"), "mine");
    restore(cache("deps", "a", "b"));

    assertThat(second.resolve("a/x")).hasContent("mine");
    assertThat(second.resolve("b/x")).hasContent("cached");
    restore(cache("deps", "a", "b"));
    assertThat(log.getLast()).contains("everything is there already");
  }

  @Test
  void too_much_is_not_stored_and_says_so() throws Exception {
    byte[] noise = new byte[200_000];
    new Random(1).nextBytes(noise);
    Files.write(first.resolve("noise"), noise);
    keep(cache("deps", "noise"));

    assertThat(log.getLast()).contains("not stored: it is larger than 97.7 KiB");
    assertThat(folder.resolve("caches")).doesNotExist();
  }

  @Test
  void a_folder_that_is_not_there_is_not_stored() throws Exception {
    keep(cache("deps", "nothing"));

    assertThat(log.getLast()).contains("not stored: there is no nothing");
  }

  @Test
  void a_folder_behind_a_link_that_leads_out_is_not_stored() throws Exception {
    file(folder.resolve("outside/a"), "secret");
    Files.createSymbolicLink(first.resolve("link"), folder.resolve("outside"));
    keep(cache("deps", "link/a"));

    assertThat(log.getLast()).contains("not stored: there is no link/a");
  }

  @Test
  void paths_outside_of_the_workspace_are_refused() throws Exception {
    restore(cache("deps", "../outside"));
    restore(cache("deps", "/etc"));
    restore(cache("deps", "."));

    assertThat(log)
        .hasSize(3)
        .allMatch(line -> line.contains("is not a path inside the workspace"));
  }

  private interface Entries {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private static void entry(TarArchiveOutputStream tar, TarArchiveEntry entry, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry link(String name, byte kind, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    return entry;
  }

  /** Stores an archive somebody else has made. */
  private void hostile(Entries entries) throws Exception {
    Path archive = folder.resolve("hostile.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      entries.write(tar);
    }
    String key = new CacheKey(new WorkspaceFiles(second), log::add).of("k", List.of("lib"));
    caches.store(key, archive);
    restore(cache("k", "lib"));
    assertThat(second).isEmptyDirectory();
  }

  @Test
  void names_that_lead_elsewhere_are_refused_and_leave_nothing() throws Exception {
    for (String name :
        List.of("../evil", "/etc/evil", "other/evil", "lib/../../evil", "lib/./x", "library/x")) {
      hostile(
          tar -> {
            entry(tar, new TarArchiveEntry("lib/good"), "good");
            entry(tar, new TarArchiveEntry(name, true), "evil");
          });
      assertThat(log.getLast()).as(name).contains("holds what does not belong to it");
    }
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void links_that_lead_out_or_are_written_through_are_refused() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    hostile(tar -> entry(tar, link("lib/x", TarConstants.LF_SYMLINK, outside.toString()), ""));
    assertThat(log.getLast()).contains("leads out");
    hostile(tar -> entry(tar, link("lib/x", TarConstants.LF_SYMLINK, "a/../../.."), ""));
    assertThat(log.getLast()).contains("leads out");
    hostile(tar -> entry(tar, link("lib/x", TarConstants.LF_LINK, "/etc/passwd"), ""));
    assertThat(log.getLast()).contains("no file, folder or symbolic link");
    hostile(tar -> entry(tar, new TarArchiveEntry("lib/fifo", TarConstants.LF_FIFO), ""));
    assertThat(log.getLast()).contains("no file, folder or symbolic link");
    hostile(
        tar -> {
          entry(tar, link("lib/x", TarConstants.LF_SYMLINK, "y"), "");
          entry(tar, new TarArchiveEntry("lib/x/evil"), "evil");
        });
    assertThat(log.getLast()).contains("uses something else as a folder");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void bombs_are_refused() throws Exception {
    hostile(tar -> entry(tar, new TarArchiveEntry("lib/zeros"), "\0".repeat(2_000_000)));
    assertThat(log.getLast()).contains("holds more than 976.6 KiB");
    hostile(
        tar -> {
          for (int i = 0; i < 200; i++) {
            entry(tar, new TarArchiveEntry("lib/" + i), "x");
          }
        });
    assertThat(log.getLast()).contains("holds more than 100 files");
  }

  @Test
  void a_broken_archive_changes_nothing() throws Exception {
    file(first.resolve("lib/a"), "a".repeat(10_000));
    keep(cache("deps", "lib"));
    try (var all = Files.list(folder.resolve("caches"))) {
      Path archive = all.filter(each -> each.toString().endsWith(".gz")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(archive);
      Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    }
    restore(cache("deps", "lib"));

    assertThat(log.getLast()).contains("not used: the archive is not the one that was stored");
    assertThat(second).isEmptyDirectory();
  }

  @Test
  void a_place_that_cannot_be_reached_is_said_and_passed_over() throws Exception {
    caches =
        new Caches() {
          @Override
          public CacheAnswer find(String key) throws IOException {
            throw new IOException("the server is away");
          }

          @Override
          public void fetch(BlobDigest archive, Path target) {}

          @Override
          public void store(String key, Path archive) {}
        };
    keep(cache("deps", "lib"));

    assertThat(log).singleElement().asString().contains("not used: the server is away");
  }

  @Test
  void local_caches_that_nobody_uses_are_removed() throws Exception {
    file(first.resolve("lib/a"), "a");
    file(first.resolve("other/b"), "b");
    file(first.resolve("third/c"), "c");
    keep(cache("deps", "lib"));
    keep(cache("deps", "other"));
    try (var all = Files.list(folder.resolve("caches"))) {
      for (Path each : all.toList()) {
        Files.setLastModifiedTime(each, FileTime.from(now));
      }
    }
    now = now.plus(Duration.ofDays(10));
    restore(cache("deps", "lib"));
    now = now.plus(Duration.ofDays(5));
    keep(cache("deps", "third"));

    assertThat(second.resolve("lib/a")).exists();
    assertThat(caches.find(key("lib")).reason()).isEqualTo("stored 2026-05-01T10:00:00Z");
    assertThat(caches.find(key("other")).blob()).isNull();
  }

  private String key(String path) throws IOException {
    return new CacheKey(new WorkspaceFiles(first), log::add).of("deps", List.of(path));
  }
}
