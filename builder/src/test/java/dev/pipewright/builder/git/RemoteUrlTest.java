package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/team/shop.git",
        "http://127.0.0.1:8080/shop",
        "https://user:secret@example.org/shop",
        "http://[::1]:8080/shop",
        "ssh://git@example.org:22/shop.git",
        "git://example.org/shop.git",
        "git@example.org:team/shop.git",
        "file:///srv/git/shop.git",
        "/srv/git/shop.git",
      })
  void acceptsAddressesOfRepositories(String url) {
    assertThat(RemoteUrl.of(url, true).value()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "ext::sh -c touch% pwned",
        "ext::sh",
        "fd::17",
        "--upload-pack=touch pwned",
        "-oProxyCommand=x:y",
        "ssh://-oProxyCommand=touch/shop",
        "ssh://git@-oProxyCommand=touch/shop",
        "shop",
        "../shop",
        "ftp://example.org/shop",
        "file://host/shop",
        "https://",
        "https:///shop",
        "https://example.org/a\nb",
      })
  void refusesEverythingElse(String url) {
    assertThatThrownBy(() -> RemoteUrl.of(url, true))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("is refused")
        .hasMessageContaining("https://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/srv/git/shop.git", "file:///srv/git/shop.git"})
  void refusesLocalRepositoriesWhereTheyAreSwitchedOff(String url) {
    assertThatThrownBy(() -> RemoteUrl.of(url, false))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("switched off");
  }

  @Test
  void neverShowsPassword() {
    RemoteUrl url = RemoteUrl.of("https://user:secret@example.org/shop", true);
    assertThat(url.toString()).contains("user:").doesNotContain("secret");
  }
}
