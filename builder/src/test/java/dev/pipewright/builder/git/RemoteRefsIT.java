package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.testing.GitRepo;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.RemoteRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists the refs of repositories made by git. */
class RemoteRefsIT {
  private static final SourceName SHOP = new SourceName("shop");

  @TempDir Path folder;

  @Test
  void listsBranchesAndTagsAndPeelsTheAnnotatedOnes() throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId first = repo.commit("first");
    repo.git("tag", "light");
    repo.git("tag", "-a", "-m", "one", "v1");
    CommitId tag = new CommitId(repo.git("rev-parse", "v1").strip());
    repo.git("update-ref", "refs/pull/1/head", first.value());
    CommitId second = repo.commit("second");
    repo.git("branch", "wip/one", first.value());
    try (Mirrors mirrors = new Mirrors(folder.resolve("m"), true, InstantSource.system())) {
      assertThat(mirrors.refs(SHOP, repo.url(), ForgeKind.PLAIN_GIT).pulls()).isFalse();
      assertThat(mirrors.refs(SHOP, repo.url(), ForgeKind.PLAIN_GIT).refs())
          .containsExactlyInAnyOrder(
              new RemoteRef("refs/heads/main", second, null),
              new RemoteRef("refs/heads/wip/one", first, null),
              new RemoteRef("refs/tags/light", first, null),
              new RemoteRef("refs/tags/v1", first, tag));
      assertThat(mirrors.of(SHOP).holds(second)).isFalse();
    }
  }

  @Test
  void listsTheHeadsOfPullRequestsWhereTheForgeKeepsThem() throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId first = repo.commit("first");
    repo.git("update-ref", "refs/pull/1/head", first.value());
    repo.git("update-ref", "refs/pull/1/merge", first.value());
    repo.git("update-ref", "refs/merge-requests/1/head", first.value());
    try (Mirrors mirrors = new Mirrors(folder.resolve("m"), true, InstantSource.system())) {
      Listing found = mirrors.refs(SHOP, repo.url(), ForgeKind.GITHUB);
      assertThat(found.pulls()).isTrue();
      assertThat(found.refs())
          .containsExactly(
              new RemoteRef("refs/heads/main", first, null),
              new RemoteRef("refs/pull/1/head", first, null));
    }
  }

  @Test
  void anEmptyRepositoryHasNoRefsAndAMissingOneIsSaidToBe() throws IOException {
    GitRepo empty = GitRepo.create(folder.resolve("empty"));
    String missing = folder.resolve("missing").toString();
    try (Mirrors mirrors = new Mirrors(folder.resolve("m"), true, InstantSource.system())) {
      assertThat(mirrors.refs(SHOP, empty.url(), ForgeKind.GITHUB).refs()).isEmpty();
      assertThatThrownBy(() -> mirrors.refs(SHOP, missing, ForgeKind.GITHUB))
          .isInstanceOfSatisfying(MirrorException.class, e -> assertThat(e.retryable()).isTrue());
    }
  }
}
