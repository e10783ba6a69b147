package dev.pipewright.spawner.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.spawner.post.HttpPoster;
import dev.pipewright.spawner.post.Receiver;
import dev.pipewright.spawner.post.Sent;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each forge over real HTTP, against what the documentation of its API says. */
class StatusApiTest {
  private static final String SHA = "0123456789abcdef0123456789abcdef01234567";
  private static final String MAIN = "refs/heads/main";
  private static final String PAGE = "https://ci.example/runs/shop%2342";

  private Receiver forge;
  private HttpPoster poster;

  @BeforeEach
  void open() throws Exception {
    forge = new Receiver();
    poster = new HttpPoster(Duration.ofMinutes(1), InstantSource.system());
  }

  @AfterEach
  void close() {
    poster.close();
    forge.close();
  }

  private static CommitStatus status(StatusState state, String ref, String context) {
    return new CommitStatus(
        state,
        new RunId(new PipelineName("shop"), 42),
        new CommitId(SHA),
        ref,
        context,
        "Failed in verify/lint",
        URI.create(PAGE));
  }

  private static CommitStatus status(StatusState state) {
    return status(state, MAIN, "pipewright/shop");
  }

  private Sent send(ForgeKind kind, CommitStatus status, String repository, String token)
      throws Exception {
    StatusApi api = StatusApi.of(kind).orElseThrow();
    StatusTarget target =
        new StatusTarget(kind.word(), forge.address().resolve("/base"), repository, token);
    return poster.send(api.post(status, target).orElseThrow(), api::isKnown);
  }

  private Receiver.Got told(ForgeKind kind, StatusState state, String repository, String token)
      throws Exception {
    assertThat(send(kind, status(state), repository, token).result())
        .isEqualTo(OutboxReport.Result.SENT);
    Receiver.Got got = forge.next();
    assertThat(got.method()).isEqualTo("POST");
    assertThat(got.header("Content-Type")).isEqualTo("application/json");
    return got;
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, pending",
    "RUNNING, pending",
    "WAITING, pending",
    "SUCCEEDED, success",
    "FAILED, failure",
    "ERRORED, error",
    "CANCELLED, error"
  })
  void gitHub(StatusState state, String word) throws Exception {
    Receiver.Got got = told(ForgeKind.GITHUB, state, "team/shop", "ghp_token");

    assertThat(got.path()).isEqualTo("/base/repos/team/shop/statuses/" + SHA);
    assertThat(got.header("Authorization")).isEqualTo("Bearer ghp_token");
    assertThat(got.header("Accept")).isEqualTo("application/vnd.github+json");
    assertThat(got.header("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
    assertThat(got.header("User-Agent")).isNotBlank();
    assertThat(got.text("state")).isEqualTo(word);
    assertThat(got.text("target_url")).isEqualTo(PAGE);
    assertThat(got.text("description")).isEqualTo("Failed in verify/lint");
    assertThat(got.text("context")).isEqualTo("pipewright/shop");
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, pending",
    "RUNNING, running",
    "WAITING, running",
    "SUCCEEDED, success",
    "FAILED, failed",
    "ERRORED, failed",
    "CANCELLED, canceled"
  })
  void gitLab(StatusState state, String word) throws Exception {
    Receiver.Got got = told(ForgeKind.GITLAB, state, "group/sub/shop", "glpat-token");

    assertThat(got.path()).isEqualTo("/base/projects/group%2Fsub%2Fshop/statuses/" + SHA);
    assertThat(got.header("PRIVATE-TOKEN")).isEqualTo("glpat-token");
    assertThat(got.header("Authorization")).isNull();
    assertThat(got.text("state")).isEqualTo(word);
    assertThat(got.text("name")).isEqualTo("pipewright/shop");
    assertThat(got.text("ref")).isEqualTo("main");
    assertThat(got.text("target_url")).isEqualTo(PAGE);
    assertThat(got.text("description")).isEqualTo("Failed in verify/lint");
  }

  @Test
  void gitLabHasAStateThatItRefusesToEnterTwice() throws Exception {
    forge.says(
        400,
        "{\"message\":\"Cannot transition status via :run from :running (Reason(s): Status cannot"
            + " transition via \\\"run\\\")\"}");
    assertThat(send(ForgeKind.GITLAB, status(StatusState.WAITING), "a/b", "t").result())
        .isEqualTo(OutboxReport.Result.SENT);

    forge.says(400, "{\"message\":\"ref is missing\"}");
    assertThat(send(ForgeKind.GITLAB, status(StatusState.WAITING), "a/b", "t").result())
        .isEqualTo(OutboxReport.Result.REFUSED);
  }

  @ParameterizedTest
  @EnumSource(
      value = ForgeKind.class,
      names = {"GITEA", "FORGEJO"})
  void giteaAndForgejo(ForgeKind kind) throws Exception {
    Receiver.Got got = told(kind, StatusState.FAILED, "team/shop", "abc123");

    assertThat(got.path()).isEqualTo("/base/repos/team/shop/statuses/" + SHA);
    assertThat(got.header("Authorization")).isEqualTo("token abc123");
    assertThat(got.text("state")).isEqualTo("failure");
    assertThat(got.text("target_url")).isEqualTo(PAGE);
    assertThat(got.text("description")).isEqualTo("Failed in verify/lint");
    assertThat(got.text("context")).isEqualTo("pipewright/shop");
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, INPROGRESS",
    "RUNNING, INPROGRESS",
    "WAITING, INPROGRESS",
    "SUCCEEDED, SUCCESSFUL",
    "FAILED, FAILED",
    "ERRORED, FAILED",
    "CANCELLED, STOPPED"
  })
  void bitbucketCloud(StatusState state, String word) throws Exception {
    Receiver.Got got = told(ForgeKind.BITBUCKET_CLOUD, state, "team/shop", "access-token");

    assertThat(got.path())
        .isEqualTo("/base/repositories/team/shop/commit/" + SHA + "/statuses/build");
    assertThat(got.header("Authorization")).isEqualTo("Bearer access-token");
    assertThat(got.text("key")).isEqualTo("pipewright/shop");
    assertThat(got.text("name")).isEqualTo("pipewright/shop");
    assertThat(got.text("state")).isEqualTo(word);
    assertThat(got.text("url")).isEqualTo(PAGE);
    assertThat(got.text("description")).isEqualTo("Failed in verify/lint");
    assertThat(got.text("refname")).isEqualTo("main");
  }

  @Test
  void bitbucketCloudTakesKeysOfFortyCharactersOnlySoLongOnesAreCutWithoutMeetingEachOther()
      throws Exception {
    String common = "pipewright/a pipeline with a long name that ends with ";
    CommitStatus one = status(StatusState.RUNNING, "refs/pull-requests/1/from", common + "one");
    CommitStatus two = status(StatusState.RUNNING, "refs/pull-requests/1/from", common + "two");
    assertThat(send(ForgeKind.BITBUCKET_CLOUD, one, "team/shop", "me:app-password").result())
        .isEqualTo(OutboxReport.Result.SENT);
    assertThat(send(ForgeKind.BITBUCKET_CLOUD, two, "team/shop", "me:app-password").result())
        .isEqualTo(OutboxReport.Result.SENT);

    Receiver.Got first = forge.next();
    Receiver.Got second = forge.next();
    assertThat(first.text("key")).hasSize(40).isNotEqualTo(second.text("key"));
    assertThat(first.text("name")).isEqualTo(common + "one");
    assertThat(first.json().at("refname").isPresent()).isFalse();
    assertThat(first.header("Authorization")).isEqualTo("Basic bWU6YXBwLXBhc3N3b3Jk");
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, INPROGRESS",
    "RUNNING, INPROGRESS",
    "WAITING, INPROGRESS",
    "SUCCEEDED, SUCCESSFUL",
    "FAILED, FAILED",
    "ERRORED, FAILED",
    "CANCELLED, CANCELLED"
  })
  void bitbucketDataCenter(StatusState state, String word) throws Exception {
    Receiver.Got got = told(ForgeKind.BITBUCKET_DATACENTER, state, "~me/shop", "access-token");

    assertThat(URI.create(got.path()).getPath())
        .isEqualTo("/base/projects/~me/repos/shop/commits/" + SHA + "/builds");
    assertThat(got.header("Authorization")).isEqualTo("Bearer access-token");
    assertThat(got.text("key")).isEqualTo("pipewright/shop");
    assertThat(got.text("state")).isEqualTo(word);
    assertThat(got.text("url")).isEqualTo(PAGE);
    assertThat(got.text("buildNumber")).isEqualTo("42");
    assertThat(got.text("ref")).isEqualTo(MAIN);
    assertThat(got.text("description")).isEqualTo("Failed in verify/lint");
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, 0, NONE",
    "RUNNING, 0, NONE",
    "WAITING, 0, NONE",
    "SUCCEEDED, 1, OWNER",
    "FAILED, -1, OWNER",
    "ERRORED, -1, OWNER",
    "CANCELLED, 0, OWNER"
  })
  void gerrit(StatusState state, String vote, String notified) throws Exception {
    CommitStatus status = status(state, "refs/changes/34/1234/5", "pipewright/shop/pull-request");
    assertThat(send(ForgeKind.GERRIT, status, "shop", "ci:http-password").result())
        .isEqualTo(OutboxReport.Result.SENT);

    Receiver.Got got = forge.next();
    assertThat(got.path()).isEqualTo("/base/a/changes/1234/revisions/" + SHA + "/review");
    assertThat(got.header("Authorization")).isEqualTo("Basic Y2k6aHR0cC1wYXNzd29yZA==");
    assertThat(got.json().at("labels", "Verified").scalar()).contains(vote);
    assertThat(got.text("message")).contains("Failed in verify/lint", PAGE);
    assertThat(got.text("tag")).isEqualTo("autogenerated:pipewright/shop/pull-request");
    assertThat(got.text("notify")).isEqualTo(notified);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {MAIN, "refs/changes/34/12x4/5", "refs/changes/34/../5", "refs/changes/34/1/5/x"})
  void gerritVotesOnChangesOnly(String ref) {
    StatusTarget target = new StatusTarget("gerrit", forge.address(), "shop", "ci:x");

    assertThat(new GerritVote().post(status(StatusState.FAILED, ref, "x"), target)).isEmpty();
  }

  @Test
  void gogsAndPlainGitHaveNoApiForStatuses() {
    assertThat(StatusApi.of(ForgeKind.GOGS)).isEqualTo(Optional.empty());
    assertThat(StatusApi.of(ForgeKind.PLAIN_GIT)).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b/c?d", "a/b#c", "a/%2e%2e", "ä/b", "a/b\"c"})
  void whateverTheRepositoryIsCalledItStaysAPath(String repository) throws Exception {
    Receiver.Got got = told(ForgeKind.GITHUB, StatusState.QUEUED, repository, "t");

    URI url = URI.create(got.path());
    assertThat(url.getPath()).isEqualTo("/base/repos/" + repository + "/statuses/" + SHA);
    assertThat(url.getRawQuery()).isNull();
  }
}
