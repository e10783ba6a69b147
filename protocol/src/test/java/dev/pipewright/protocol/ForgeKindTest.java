package dev.pipewright.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.ForgeKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgeKindTest {

  @ParameterizedTest
  @CsvSource({
    "github,refs/pull/12/head,true",
    "gitea,refs/pull/12/head,true",
    "forgejo,refs/pull/12/head,true",
    "gitlab,refs/merge-requests/12/head,true",
    "github,refs/merge-requests/12/head,false",
    "github,refs/pull/12/merge,false",
    "github,refs/pull/012/head,false",
    "github,refs/pull//head,false",
    "github,refs/pull/head,false",
    "github,refs/heads/refs/pull/1/head,false",
    "gogs,refs/pull/12/head,false",
    "bitbucket-datacenter,refs/pull-requests/12/from,false",
    "plain-git,refs/pull/12/head,false"
  })
  void knowsTheHeadsOfPullRequestsThatCanBeLookedFor(String forge, String ref, boolean pull) {
    ForgeKind kind = ForgeKind.of(forge).orElseThrow();
    assertThat(kind.isPull(ref)).isEqualTo(pull);
    assertThat(kind.keepsPulls() || !pull).isTrue();
  }
}
