package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.meta.ReproducibleZip;
import dev.pipewright.builder.testing.GitRepo;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorIT {
  private static final SourceName SHOP = new SourceName("shop");
  private static final String CODE = ".pipewright";

  private Path folder;
  private Mirrors mirrors;

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    mirrors = new Mirrors(folder.resolve("mirrors"), true, InstantSource.system());
  }

  @AfterEach
  void close() {
    mirrors.close();
  }

  private FetchRequest request(GitRepo repo, CommitId commit, @Nullable String ref) {
    return new FetchRequest(SHOP, repo.url(), commit, ref);
  }

  private GitRepo repo(String... options) throws IOException {
    return GitRepo.create(folder.resolve("origin"), options);
  }

  @Test
  void fetchesCommitByIdAfterTheHeadMovedOn() throws IOException {
    GitRepo repo = repo();
    CommitId first = repo.write(CODE + "/A.java", "class A {}").commit("first");
    CommitId second = repo.write(CODE + "/A.java", "class A { int b; }").commit("second");
    Mirror mirror = mirrors.fetched(request(repo, first, null));
    mirrors.fetched(request(repo, second, "refs/heads/main"));
    assertThat(mirror.commits()).containsExactlyInAnyOrder(first, second);
    assertThat(mirror.folder(first, CODE).treeId())
        .isNotEqualTo(mirror.folder(second, CODE).treeId());
  }

  @Test
  void tellsWhichFilesDifferBetweenTwoCommitsWithoutThoseBetween() throws IOException {
    GitRepo repo = repo();
    CommitId first = repo.write("a/b", "1").write("same", "1").commit("first");
    repo.write("a/b", "2").write("gone", "1").commit("between");
    Files.delete(repo.folder().resolve("gone"));
    CommitId last = repo.write("new", "1").commit("last");
    Mirror mirror = mirrors.fetched(request(repo, last, null));
    mirrors.fetched(request(repo, first, null));

    assertThat(mirror.changed(first, last)).containsExactlyInAnyOrder("a/b", "new");
    assertThat(mirror.changed(last, last)).isEmpty();
  }

  @Test
  void needsNoRepositoryForCommitItHas() throws IOException {
    GitRepo repo = repo();
    CommitId commit = repo.write("a", "b").commit("one");
    mirrors.fetched(request(repo, commit, null));
    Files.move(repo.folder(), folder.resolve("gone"));
    assertThat(mirrors.fetched(request(repo, commit, null)).holds(commit)).isTrue();
  }

  @Test
  void sameFolderHasSameTreeIdWhateverElseChanged() throws IOException {
    GitRepo repo = repo();
    CommitId first = repo.write(CODE + "/A.java", "class A {}").commit("first");
    CommitId second = repo.write("README", "changed").commit("second");
    Mirror mirror = mirrors.fetched(request(repo, first, null));
    mirrors.fetched(request(repo, second, null));
    assertThat(mirror.folder(first, CODE).treeId()).isEqualTo(mirror.folder(second, CODE).treeId());
    assertThat(ReproducibleZip.of(mirror.folder(first, CODE).files("sources/")))
        .isEqualTo(ReproducibleZip.of(mirror.folder(second, CODE + "/").files("sources/")));
  }

  @Test
  void resolvesDefaultBranchShortNamesAndAnnotatedTags() throws IOException {
    GitRepo repo = repo();
    CommitId commit = repo.write("a", "b").commit("one");
    repo.git("tag", "-a", "v1", "-m", "one");
    repo.git("branch", "other");
    assertThat(mirrors.head(SHOP, repo.url(), null)).isEqualTo(new Head("refs/heads/main", commit));
    assertThat(mirrors.head(SHOP, repo.url(), "other"))
        .isEqualTo(new Head("refs/heads/other", commit));
    assertThat(mirrors.head(SHOP, repo.url(), "v1")).isEqualTo(new Head("refs/tags/v1", commit));
    assertThatThrownBy(() -> mirrors.head(SHOP, repo.url(), "absent"))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("no branch or tag 'absent'");
  }

  @Test
  void buildsTheCommitOfATagThatWasNamedByItsTagObject() throws IOException {
    GitRepo repo = repo();
    CommitId commit = repo.write("a", "b").commit("one");
    repo.git("tag", "-a", "v1", "-m", "one");
    CommitId tag = new CommitId(repo.git("rev-parse", "refs/tags/v1").strip());
    Mirror mirror = mirrors.fetched(request(repo, tag, "refs/tags/v1"));
    assertThat(tag).isNotEqualTo(commit);
    assertThat(mirror.commit(tag)).isEqualTo(commit);
    assertThat(mirror.holds(commit)).isTrue();
    assertThat(mirror.commit(commit)).isEqualTo(commit);
  }

  @Test
  void hostileBranchNamesAreOnlyNames() throws IOException {
    GitRepo repo = repo();
    CommitId commit = repo.write("a", "b").commit("one");
    for (String name :
        List.of("x$(touch${IFS}pwned)&;|", "--upload-pack=touch${IFS}pwned", "`touch`'\"<>")) {
      String ref = "refs/heads/" + name;
      repo.git("update-ref", ref, commit.value());
      assertThat(mirrors.head(SHOP, repo.url(), ref)).isEqualTo(new Head(ref, commit));
      assertThat(mirrors.head(SHOP, repo.url(), name)).isEqualTo(new Head(ref, commit));
      assertThat(mirrors.fetched(request(repo, commit, ref)).holds(commit)).isTrue();
    }
    assertThat(folder.resolve("origin/pwned")).doesNotExist();
    assertThat(Path.of("pwned")).doesNotExist();
  }

  @Test
  void refNameThatIsNoneIsRefused() throws IOException {
    GitRepo repo = repo();
    repo.write("a", "b").commit("one");
    CommitId unknown = new CommitId("1".repeat(40));
    for (String ref : List.of("--upload-pack=touch pwned", "refs/heads/a b", "refs/heads/../x")) {
      assertThatThrownBy(() -> mirrors.fetched(request(repo, unknown, ref)))
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("does not hold the commit");
    }
    assertThat(Path.of("pwned")).doesNotExist();
  }

  @Test
  void unknownCommitIsToldApartFromUnreachableRepository() throws IOException {
    GitRepo repo = repo();
    repo.write("a", "b").commit("one");
    CommitId unknown = new CommitId("1".repeat(40));
    assertThatThrownBy(() -> mirrors.fetched(request(repo, unknown, "refs/heads/main")))
        .isInstanceOfSatisfying(MirrorException.class, e -> assertThat(e.isOfAbsence()).isTrue())
        .hasMessageContaining("forced push");
    FetchRequest nowhere =
        new FetchRequest(SHOP, folder.resolve("nowhere").toString(), unknown, null);
    assertThatThrownBy(() -> mirrors.fetched(nowhere))
        .isInstanceOfSatisfying(MirrorException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("Could not fetch");
  }

  @Test
  void sha256RepositoryIsRefusedInWords() throws IOException {
    GitRepo repo = repo("--object-format=sha256");
    CommitId commit = repo.write("a", "b").commit("one");
    assertThatThrownBy(() -> mirrors.fetched(request(repo, commit, null)))
        .hasMessageContaining("SHA-256");
    assertThatThrownBy(() -> mirrors.head(SHOP, repo.url(), null)).hasMessageContaining("SHA-256");
  }

  @Test
  void confirmsCommitsInTheHistoryOfARefAndNoOthers() throws IOException {
    GitRepo repo = repo();
    CommitId first = repo.write("a", "1").commit("one");
    repo.write("a", "2").commit("two");
    CommitId third = repo.write("a", "3").commit("three");
    repo.git("checkout", "-q", "-b", "fork", first.value());
    CommitId stranger = repo.write("a", "hostile").commit("hostile");
    repo.git("update-ref", "refs/pull/7/head", stranger.value());
    repo.git("checkout", "-q", "main");
    repo.git("branch", "-q", "-D", "fork");
    String main = "refs/heads/main";

    assertThat(mirrors.confirmed(request(repo, first, main)).holds(first)).isTrue();
    assertThat(mirrors.confirmed(request(repo, third, main)).holds(third)).isTrue();
    Mirror mirror = mirrors.confirmed(request(repo, stranger, "refs/pull/7/head"));

    assertThat(mirror.holds(stranger)).isTrue();
    assertThatThrownBy(() -> mirrors.confirmed(request(repo, stranger, main)))
        .isInstanceOfSatisfying(MirrorException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("does not hold the commit " + stranger)
        .hasMessageContaining("(looked for on 'refs/heads/main')");
    assertThatThrownBy(() -> mirrors.confirmed(request(repo, third, "refs/heads/gone")))
        .isInstanceOfSatisfying(MirrorException.class, e -> assertThat(e.isOfAbsence()).isTrue())
        .hasMessageContaining("has no 'refs/heads/gone' (any more)");
  }

  @Test
  void whatARefHeldOnceIsConfirmedThoughItWasReplaced() throws IOException {
    GitRepo repo = repo();
    CommitId first = repo.write("a", "1").commit("one");
    CommitId old = repo.write("a", "2").commit("two");
    mirrors.confirmed(request(repo, old, "refs/heads/main"));
    repo.git("reset", "-q", "--hard", first.value());
    CommitId fresh = repo.write("a", "3").commit("three");
    CommitId unseen = repo.write("a", "4").commit("four");
    repo.git("reset", "-q", "--hard", fresh.value());

    assertThat(mirrors.confirmed(request(repo, old, "refs/heads/main")).holds(old)).isTrue();
    assertThat(mirrors.confirmed(request(repo, fresh, "refs/heads/main")).holds(fresh)).isTrue();
    assertThatThrownBy(() -> mirrors.confirmed(request(repo, unseen, "refs/heads/main")))
        .hasMessageContaining("forced push");
  }

  @Test
  void confirmsATagByItsTagObjectAndByItsCommit() throws IOException {
    GitRepo repo = repo();
    CommitId commit = repo.write("a", "b").commit("one");
    repo.git("tag", "-a", "v1", "-m", "one");
    CommitId tag = new CommitId(repo.git("rev-parse", "refs/tags/v1").strip());
    assertThat(mirrors.confirmed(request(repo, tag, "refs/tags/v1")).commit(tag)).isEqualTo(commit);
    assertThat(mirrors.confirmed(request(repo, commit, "refs/tags/v1")).holds(commit)).isTrue();
  }

  @Test
  void leavesOutLinksAndKeepsRegularFiles() throws IOException {
    GitRepo repo = repo();
    repo.write(CODE + "/b/B.java", "class B {}").write(CODE + "/A.java", "class A {}");
    Files.createSymbolicLink(repo.folder().resolve(CODE + "/link"), Path.of("/etc/passwd"));
    CommitId commit = repo.commit("one");
    Mirror mirror = mirrors.fetched(request(repo, commit, null));
    assertThat(mirror.folder(commit, CODE).files("sources/").keySet())
        .containsExactly("sources/A.java", "sources/b/B.java");
  }

  @Test
  void folderThatIsLinkOrOutsideIsRefused() throws IOException {
    GitRepo repo = repo();
    repo.write("a", "b");
    Files.createSymbolicLink(repo.folder().resolve(CODE), Path.of("/etc"));
    CommitId commit = repo.commit("one");
    Mirror mirror = mirrors.fetched(request(repo, commit, null));
    assertThatThrownBy(() -> mirror.folder(commit, CODE)).hasMessageContaining("not a folder");
    assertThatThrownBy(() -> mirror.folder(commit, "../x")).hasMessageContaining("inside");
    assertThat(mirror.folder(commit, "absent").isPresent()).isFalse();
  }

  @Test
  void tooManyFilesAreRefused() throws IOException {
    GitRepo repo = repo();
    for (int i = 0; i <= 2_000; i++) {
      repo.write(CODE + "/F" + i + ".java", "");
    }
    CommitId commit = repo.commit("many");
    CodeFolder code = mirrors.fetched(request(repo, commit, null)).folder(commit, CODE);
    assertThatThrownBy(() -> code.files("")).hasMessageContaining("2,000 files");
  }
}
