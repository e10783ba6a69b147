package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pipewright.engine.git.FetchedCommit;
import dev.pipewright.engine.git.Remote;
import dev.pipewright.protocol.CommitId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checkout from a real repository, by git and, with no git on the search path, by JGit. */
@Timeout(180)
final class CheckoutIT {
  /** Who does the checkout. */
  enum By {
    GIT,
    JGIT
  }

  private final Path repository;
  private final Path workspace;

  CheckoutIT(@TempDir Path folder) throws IOException {
    this.repository = Files.createDirectory(folder.resolve("repository"));
    this.workspace = Files.createDirectory(folder.resolve("workspace"));
  }

  private String git(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.org"));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }

  private CommitId commit(String content) throws IOException, InterruptedException {
    Files.writeString(repository.resolve("file.txt"), content);
    git("add", ".");
    git("commit", "-q", "-m", content);
    return new CommitId(git("rev-parse", "HEAD"));
  }

  private Trial trial(By by, CommitId commit) {
    Trial trial = new Trial(workspace);
    if (by == By.JGIT) {
      trial.path = withoutGit();
    }
    trial.checkout =
        FetchedCommit.of(new Remote(repository.toUri().toString(), commit, null), Duration.ZERO);
    return trial;
  }

  private String withoutGit() {
    try {
      Path tools = Files.createDirectories(workspace.resolveSibling("tools"));
      for (String tool : List.of("bash", "sh", "cat", "setsid")) {
        Path link = tools.resolve(tool);
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, Path.of("/usr/bin", tool));
        }
      }
      return tools.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void exactlyTheCommitIsThereThoughTheBranchMovedOn(By by) throws Exception {
    git("init", "-q", "-b", "main");
    git("config", "uploadpack.allowAnySHA1InWant", "true");
    CommitId first = commit("one");
    commit("two");

    Trial trial = trial(by, first).run(checkout(), sh("show", "cat file.txt"));

    assertThat(trial.log("checkout")).contains("Checked out " + first);
    assertThat(trial.log("show")).isEqualTo("one");
    assertThat(Files.readString(workspace.resolve(".git/HEAD")).strip()).isEqualTo(first.value());
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatPutsChangedFilesBack(By by) throws Exception {
    git("init", "-q", "-b", "main");
    git("config", "uploadpack.allowAnySHA1InWant", "true");
    CommitId commit = commit("one");

    Trial trial =
        trial(by, commit)
            .run(
                checkout(),
                sh("spoil", "echo x > file.txt"),
                checkout("again"),
                sh("show", "cat file.txt"));

    assertThat(trial.log("show")).isEqualTo("one");
  }

  @ParameterizedTest
  @EnumSource
  void aCommitThatIsNotThereIsAnError(By by) throws Exception {
    git("init", "-q", "-b", "main");
    commit("one");

    Trial trial = trial(by, new CommitId("b".repeat(40))).run(checkout(), sh("after", "true"));

    assertThat(trial.endings()).containsExactly("checkout=ERRORED", "after=SKIPPED");
    assertThat(trial.reason()).contains("Could not check out bbbb");
  }

  @ParameterizedTest
  @EnumSource
  void submodulesAreRefusedUnlessThePipelineTakesThemEmpty(By by) throws Exception {
    git("init", "-q", "-b", "main");
    git("config", "uploadpack.allowAnySHA1InWant", "true");
    CommitId other = commit("one");
    Files.createDirectories(repository.resolve("libs/other"));
    git("update-index", "--add", "--cacheinfo", "160000," + other + ",libs/other");
    CommitId commit = commit("two");

    Trial refused = trial(by, commit).run(checkout());
    assertThat(refused.endings()).containsExactly("checkout=ERRORED");
    assertThat(refused.log("checkout"))
        .contains("The commit has a submodule ('libs/other'), and the checkout brings none")
        .contains("checkout().env(\"CHECKOUT_SUBMODULES\", \"empty\")");

    Trial accepted = trial(by, commit).run(checkout().env("CHECKOUT_SUBMODULES", "empty"));
    assertThat(accepted.endings()).containsExactly("checkout=SUCCEEDED");
  }

  @ParameterizedTest
  @EnumSource
  void filesInLfsAreRefusedUnlessThePipelineTakesThePointers(By by) throws Exception {
    git("init", "-q", "-b", "main");
    git("config", "uploadpack.allowAnySHA1InWant", "true");
    Path data = Files.createDirectories(repository.resolve("data"));
    Files.writeString(
        data.resolve(".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    CommitId none = commit("no file yet");
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 9\n";
    Files.writeString(data.resolve("a.bin"), pointer.formatted("a".repeat(64)));
    Files.writeString(data.resolve("b.bin"), pointer.formatted("b".repeat(64)));
    CommitId commit = commit("two files");

    assertThat(trial(by, none).run(checkout()).endings()).containsExactly("checkout=SUCCEEDED");
    Trial refused = trial(by, commit).run(checkout());
    assertThat(refused.endings()).containsExactly("checkout=ERRORED");
    assertThat(refused.log("checkout"))
        .contains("The commit keeps 2 files (such as 'data/a.bin') in Git LFS")
        .contains("checkout().env(\"CHECKOUT_LFS\", \"pointers\")");

    Trial accepted = trial(by, commit).run(checkout().env("CHECKOUT_LFS", "pointers"));
    assertThat(accepted.endings()).containsExactly("checkout=SUCCEEDED");
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsAwayIsAskedAgain(By by) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(503, -1);
          }
        });
    server.start();
    try {
      CommitId commit = new CommitId("b".repeat(40));
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/git/shop";
      Trial trial = trial(by, commit);
      Duration moment = Duration.ofMillis(10);
      trial.checkout = new FetchedCommit(new Remote(url, commit, null), List.of(moment, moment));
      trial.run(checkout());

      assertThat(asked.get()).isGreaterThanOrEqualTo(3);
      assertThat(trial.log("checkout")).contains("It is tried again.");
      assertThat(trial.endings()).containsExactly("checkout=ERRORED");
    } finally {
      server.stop(0);
    }
  }
}
