package dev.pipewright.builder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.builder.git.FetchRequest;
import dev.pipewright.builder.git.MirrorException;
import dev.pipewright.builder.git.Mirrors;
import dev.pipewright.builder.testing.GitRepo;
import dev.pipewright.builder.testing.StateInMemory;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitRoutesIT {
  private static final SourceName SHOP = new SourceName("shop");

  private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final StateInMemory state = new StateInMemory();
  private Mirrors mirrors;
  private int port;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    mirrors = new Mirrors(folder.resolve("mirrors"), true, InstantSource.system());
    WorkClient client =
        new WorkClient(new HttpTransport(state.uri(), "service", Duration.ofSeconds(5)), "b1");
    Router router = Router.router(vertx);
    new GitRoutes(new GitAccess(state.uri(), client, mirrors, InstantSource.system()))
        .mount(router);
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    port = server.actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await();
    mirrors.close();
    state.close();
  }

  private String url(String source) {
    return "http://127.0.0.1:" + port + "/git/" + source;
  }

  /** A run token of {@code source} for a commit that is in the repository, not in the mirror. */
  private String token(GitRepo repo, CommitId commit) {
    state.source(SHOP, repo.url());
    return state.runToken(SHOP, commit);
  }

  private GitRepo.Result fetch(String url, String token, CommitId commit, String version)
      throws IOException {
    Path clone = Files.createTempDirectory(folder, "clone");
    GitRepo.run(clone, Map.of(), "init", "-q");
    Map<String, String> header =
        Map.of(
            "GIT_CONFIG_COUNT", "2",
            "GIT_CONFIG_KEY_0", "http.extraHeader",
            "GIT_CONFIG_VALUE_0", "Authorization: Bearer " + token,
            "GIT_CONFIG_KEY_1", "protocol.version",
            "GIT_CONFIG_VALUE_1", version);
    GitRepo.Result result =
        GitRepo.run(clone, header, "fetch", "-q", "--depth", "1", "--", url, commit.value());
    if (result.exitCode() != 0) {
      return result;
    }
    return GitRepo.run(clone, Map.of(), "ls-tree", "-r", "--name-only", "FETCH_HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2"})
  void realGitFetchesCommitThatIsNoBranchHead(String version) throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId first = repo.write("first.txt", "1").commit("first");
    repo.write("second.txt", "2").commit("second");
    GitRepo.Result result = fetch(url("shop"), token(repo, first), first, version);
    assertThat(result.output()).isEqualTo("first.txt\n");
  }

  @Test
  void realGitFetchesManyMegabytesTwice() throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    byte[] noise = new byte[8 * 1024 * 1024];
    new Random(1).nextBytes(noise);
    Files.write(repo.folder().resolve("noise"), noise);
    CommitId commit = repo.commit("noise");
    String token = token(repo, commit);
    assertThat(fetch(url("shop"), token, commit, "2").output()).isEqualTo("noise\n");
    assertThat(fetch(url("shop"), token, commit, "2").output()).isEqualTo("noise\n");
  }

  @Test
  void jgitFetchesCommit() throws Exception {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId commit = repo.write("file.txt", "1").commit("first");
    String token = token(repo, commit);
    try (Git git = Git.init().setDirectory(folder.resolve("jgit").toFile()).call()) {
      git.fetch()
          .setRemote(url("shop"))
          .setDepth(1)
          .setRefSpecs(new RefSpec(commit + ":refs/heads/fetched"))
          .setTransportConfigCallback(
              transport ->
                  ((TransportHttp) transport)
                      .setAdditionalHeaders(Map.of("Authorization", "Bearer " + token)))
          .call();
      ObjectId id = ObjectId.fromString(commit.value());
      try (TreeWalk walk =
          TreeWalk.forPath(
              git.getRepository(), "file.txt", git.getRepository().parseCommit(id).getTree())) {
        assertThat(walk).isNotNull();
      }
    }
  }

  @Test
  void anotherMirrorFetchesOverHttpWithPasswordInTheAddress() throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId first = repo.write("first.txt", "1").commit("first");
    CommitId second = repo.write("second.txt", "2").commit("second");
    String address = "http://run:%s@127.0.0.1:" + port + "/git/shop";
    try (Mirrors others = new Mirrors(folder.resolve("others"), false, InstantSource.system())) {
      for (CommitId commit : List.of(first, second)) {
        String url = address.formatted(token(repo, commit));
        assertThat(others.fetched(new FetchRequest(SHOP, url, commit, null)).holds(commit))
            .isTrue();
      }
      FetchRequest wrong =
          new FetchRequest(SHOP, address.formatted("wrong"), new CommitId("1".repeat(40)), null);
      assertThatThrownBy(() -> others.fetched(wrong))
          .isInstanceOfSatisfying(MirrorException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("Could not fetch")
          .hasMessageNotContaining("wrong@");
    }
  }

  @Test
  void otherSourcesMissingAndUnknownTokensAreRefused() throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId commit = repo.write("a", "1").commit("first");
    String token = token(repo, commit);
    assertThat(status("GET", "/git/shop/info/refs?service=git-upload-pack", token)).isEqualTo(200);
    assertThat(status("GET", "/git/other/info/refs?service=git-upload-pack", token)).isEqualTo(403);
    assertThat(status("GET", "/git/shop/info/refs?service=git-upload-pack", "x")).isEqualTo(401);
    assertThat(status("GET", "/git/shop/info/refs?service=git-upload-pack", "")).isEqualTo(401);
    assertThat(status("POST", "/git/shop/git-upload-pack", "")).isEqualTo(401);
    assertThat(fetch(url("other"), token, commit, "2").exitCode()).isNotZero();
  }

  @Test
  void nothingCanBePushed() throws IOException {
    GitRepo repo = GitRepo.create(folder.resolve("origin"));
    CommitId commit = repo.write("a", "1").commit("first");
    String token = token(repo, commit);
    mirrors.fetched(new FetchRequest(SHOP, repo.url(), commit, null));
    assertThat(status("GET", "/git/shop/info/refs?service=git-receive-pack", token)).isEqualTo(403);
    assertThat(status("POST", "/git/shop/git-receive-pack", token)).isEqualTo(403);
    GitRepo.Result push =
        GitRepo.run(
            repo.folder(),
            Map.of(),
            "-c",
            "http.extraHeader=Authorization: Bearer " + token,
            "push",
            url("shop"),
            "main");
    assertThat(push.exitCode()).isNotZero();
  }

  private int status(String method, String path, String token) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setRequestMethod(method);
    if (!token.isEmpty()) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    return connection.getResponseCode();
  }
}
