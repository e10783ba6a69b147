package dev.pipewright.state.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ForgeKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusAddressTest {

  @ParameterizedTest
  @CsvSource({
    "github, https://github.com/team/shop.git, https://api.github.com, team/shop",
    "github, git@github.com:team/shop.git, https://api.github.com, team/shop",
    "github, ssh://git@github.com/team/shop, https://api.github.com, team/shop",
    "github, https://me:pass@git.example/team/shop.git, https://git.example/api/v3, team/shop",
    "gitlab, https://gitlab.com/a/b/shop.git, https://gitlab.com/api/v4, a/b/shop",
    "gitlab, ssh://git@git.example:2222/a/shop.git, https://git.example/api/v4, a/shop",
    "gitea, http://git.example:3000/team/shop.git, http://git.example:3000/api/v1, team/shop",
    "gitea, https://example.org/git/team/shop, https://example.org/git/api/v1, team/shop",
    "forgejo, git@codeberg.org:team/shop.git, https://codeberg.org/api/v1, team/shop",
    "bitbucket-cloud, https://me@bitbucket.org/ws/shop.git, https://api.bitbucket.org/2.0, ws/shop",
    "bitbucket-datacenter, https://b.example/scm/SHOP/web.git, https://b.example/rest/api/1.0, SHOP/web",
    "bitbucket-datacenter, https://b.example/ctx/scm/~me/web.git, https://b.example/ctx/rest/api/1.0, ~me/web",
    "bitbucket-datacenter, ssh://git@b.example:7999/shop/web.git, https://b.example/rest/api/1.0, shop/web",
    "gerrit, https://review.example/a/shop, https://review.example, a/shop",
  })
  void theApiIsToldFromTheUrlOfTheRepository(
      String forge, String url, String api, String repository) {
    StatusAddress address = StatusAddress.of(ForgeKind.of(forge).orElseThrow(), url, null);

    assertThat(address.api()).hasToString(api);
    assertThat(address.repository()).isEqualTo(repository);
  }

  @ParameterizedTest
  @CsvSource({
    "gitlab, https://example.org/gitlab/a/shop.git, https://example.org/gitlab/api/v4/, a/shop",
    "github, /srv/git/team/shop.git, http://127.0.0.1:9/x, team/shop",
    "gitlab, file:///srv/git/team/shop.git, http://127.0.0.1:9/api/v4, team/shop",
    "gerrit, ssh://me@review.example:29418/shop, https://review.example/r, shop",
  })
  void anApiThatIsGivenIsUsedAsItIs(String forge, String url, String api, String repository) {
    StatusAddress address = StatusAddress.of(ForgeKind.of(forge).orElseThrow(), url, api);

    assertThat(address.api().toString() + "/").startsWith(api);
    assertThat(address.api().toString()).doesNotEndWith("/");
    assertThat(address.repository()).isEqualTo(repository);
  }

  @ParameterizedTest
  @CsvSource({
    "gogs, https://git.example/team/shop.git, Gogs has no API",
    "plain-git, https://git.example/team/shop.git, has no forge",
    "github, /srv/git/team/shop.git, cannot be told from a path",
    "github, https://github.com/shop, OWNER/REPOSITORY",
    "github, https://github.com/a/b/c, none of a github repository",
    "github, https://github.com/team/%2e%2e, none of a github repository",
    "github, https://github.com/team/.., none of a github repository",
    "gitlab, https://gitlab.com/a/shop?x=1/b, none of a gitlab repository",
    "gitea, git@git.example:team/sh op, none of a gitea repository",
  })
  void whatIsNoRepositoryOfThatForgeIsRefused(String forge, String url, String why) {
    assertThatThrownBy(
            () ->
                StatusAddress.of(ForgeKind.of(forge).orElseThrow(), url.replace("?", "%3F"), null))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://git.example",
        "git.example/api",
        "https://me:pass@git.example",
        "https://git.example?x=1",
        "https://git.example#x",
        "https://",
        "https://git example"
      })
  void whatIsNoAddressOfAnApiIsRefused(String api) {
    assertThatThrownBy(() -> StatusAddress.of(ForgeKind.GITHUB, "https://g.example/a/b", api))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("address of an API");
  }
}
