package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures JGit against git on a repository of 20,000 commits, served by git's own daemon, and
 * prints one line a figure. Not part of the tests; docs/benchmarks.md has the command.
 */
class GitBenchmark {
  private static final int COMMITS = 20_000;
  private static final int FILES = 2_000;
  private static final int TIMES = 10;
  private static final SourceName SHOP = new SourceName("shop");

  @TempDir Path folder;

  @Test
  void gitAndJGit() throws Exception {
    Path origin = generated();
    int port = freePort();
    Process daemon = daemon(port);
    try {
      await().until(() -> answers(port));
      String url = "git://127.0.0.1:" + port + "/origin.git";
      List<String> commits =
          run(origin, "git", "log", "--format=%H", "-n", "200", "main").lines().toList();
      lists(url);
      firstFetches(url, commits);
      nextFetches(url, commits);
      wholeFetches(url);
      uploads(url, commits, port);
    } finally {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly();
    }
  }

  /** Text files of about 2 KB; each commit changes some lines of one of them. */
  private Path generated() throws IOException {
    Path origin = folder.resolve("origin.git");
    run(folder, "git", "init", "-q", "--bare", "-b", "main", origin.toString());
    Path stream = folder.resolve("stream");
    Random random = new Random(42);
    try (PrintStream out =
        new PrintStream(
            new BufferedOutputStream(Files.newOutputStream(stream)), false, "ISO-8859-1")) {
      for (int i = 0; i < COMMITS; i++) {
        out.printf("commit refs/heads/main%nmark :%d%n", i + 1);
        out.printf("committer A <a@example.org> %d +0000%ndata 6%nchange%n", 1_700_000_000 + i);
        int first = i == 0 ? 0 : random.nextInt(FILES);
        int last = i == 0 ? FILES : first + 1;
        for (int file = first; file < last; file++) {
          String text = text(file, i, random);
          out.printf(
              "M 100644 inline d%d/e%d/f%d.txt%ndata %d%n%s%n",
              file % 10, file % 100, file, text.length(), text);
        }
      }
    }
    Process process =
        new ProcessBuilder("git", "fast-import", "--quiet")
            .directory(origin.toFile())
            .redirectInput(stream.toFile())
            .inheritIO()
            .redirectInput(stream.toFile())
            .start();
    assertThat(process.onExit().join().exitValue()).isZero();
    run(origin, "git", "config", "uploadpack.allowAnySHA1InWant", "true");
    run(origin, "git", "repack", "-q", "-a", "-d");
    System.out.println(
        "FIGURE repository: " + run(origin, "git", "count-objects", "-v").replace('\n', ' '));
    return origin;
  }

  private static String text(int file, int commit, Random random) {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 50; line++) {
      boolean changed = random.nextInt(20) == 0;
      text.append("line ").append(line).append(" of file ").append(file);
      text.append(changed ? " as of commit " + commit + " " + random.nextLong() : " as ever")
          .append('\n');
    }
    return text.toString();
  }

  private void lists(String url) throws Exception {
    measure("ls-remote, git", () -> run(folder, "git", "ls-remote", url));
    try (Mirrors mirrors = mirrors("lists")) {
      measure("ls-remote, JGit", () -> mirrors.head(SHOP, url, "main"));
    }
  }

  private void firstFetches(String url, List<String> commits) throws Exception {
    String commit = commits.getFirst();
    measure(
        "first fetch of a commit, depth 1, git", () -> gitFetch(fresh("first"), url, commit, 1));
    measure(
        "first fetch of a commit, depth 1, JGit",
        () -> {
          try (Mirrors mirrors = mirrors(fresh("first").getFileName().toString())) {
            mirrors.fetched(new FetchRequest(SHOP, url, new CommitId(commit), "refs/heads/main"));
          }
        });
  }

  /** What a push costs: one commit more into a mirror that has others. */
  private void nextFetches(String url, List<String> commits) throws Exception {
    Path mirror = fresh("next");
    gitFetch(mirror, url, commits.getLast(), 1);
    int[] place = {commits.size() - 2};
    measure("next commit, depth 1, git", () -> gitFetch(mirror, url, commits.get(place[0]--), 1));
    place[0] = commits.size() - 2;
    try (Mirrors mirrors = mirrors("next-jgit")) {
      mirrors.fetched(new FetchRequest(SHOP, url, new CommitId(commits.getLast()), null));
      measure(
          "next commit, depth 1, JGit",
          () ->
              mirrors.fetched(
                  new FetchRequest(SHOP, url, new CommitId(commits.get(place[0]--)), null)));
    }
  }

  private void wholeFetches(String url) throws Exception {
    measure("whole history, git", () -> gitFetch(fresh("whole"), url, "refs/heads/main", 0));
    measure(
        "whole history, JGit",
        () -> {
          Path mirror = fresh("whole");
          try (Repository repository =
              new FileRepositoryBuilder().setGitDir(mirror.toFile()).setBare().build()) {
            new Remote(repository, RemoteUrl.of(url, true), InstantSource.system())
                .fetch(
                    new RefSpec("refs/heads/main:refs/pipewright/tip"), Constants.INFINITE_DEPTH);
          }
        });
  }

  /** The engine's checkout with git, out of a mirror that git or JGit serves. */
  private void uploads(String url, List<String> commits, int port) throws Exception {
    String commit = commits.getFirst();
    Path mirror = folder.resolve("served.git");
    run(folder, "git", "init", "-q", "--bare", mirror.toString());
    run(mirror, "git", "config", "uploadpack.allowAnySHA1InWant", "true");
    gitFetch(mirror, url, commit, 1);
    String served = "git://127.0.0.1:" + port + "/served.git";
    measure("checkout out of a mirror, served by git", () -> checkout(served, commit));
    try (Mirrors mirrors = mirrors("served-jgit")) {
      Mirror own =
          mirrors.fetched(new FetchRequest(SHOP, url, new CommitId(commit), "refs/heads/main"));
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", exchange -> serve(exchange, own.uploads()));
      server.start();
      String http = "http://127.0.0.1:" + server.getAddress().getPort() + "/git/shop";
      measure("checkout out of a mirror, served by JGit over HTTP", () -> checkout(http, commit));
      server.stop(0);
    }
  }

  private static void serve(HttpExchange exchange, UploadService uploads) throws IOException {
    String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
    boolean refs = exchange.getRequestURI().getPath().endsWith("/info/refs");
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type", "application/x-git-upload-pack-" + (refs ? "advertisement" : "result"));
    try (exchange) {
      InputStream in = exchange.getRequestBody();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        in = new GZIPInputStream(in);
      }
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16);
      if (refs) {
        uploads.advertise(protocol, out);
      } else {
        uploads.serve(protocol, in, out);
      }
      out.flush();
    }
  }

  private void checkout(String url, String commit) throws IOException {
    Path work = Files.createTempDirectory(folder, "work-");
    run(work, "git", "init", "-q");
    run(work, "git", "fetch", "-q", "--no-tags", "--depth", "1", url, commit);
    run(work, "git", "checkout", "-q", "--force", "--detach", commit);
  }

  private void gitFetch(Path mirror, String url, String what, int depth) throws IOException {
    List<String> line = new ArrayList<>(List.of("git", "fetch", "-q", "--no-tags"));
    if (depth > 0) {
      line.addAll(List.of("--depth", String.valueOf(depth)));
    }
    line.addAll(List.of(url, what + ":refs/pipewright/" + what.replace('/', '-')));
    run(mirror, line.toArray(String[]::new));
  }

  private Path fresh(String name) throws IOException {
    Path bare = Files.createTempDirectory(folder, name + "-");
    run(bare, "git", "init", "-q", "--bare", ".");
    return bare;
  }

  private Mirrors mirrors(String name) {
    return new Mirrors(folder.resolve("mirrors-" + name), true, InstantSource.system());
  }

  private Process daemon(int port) throws IOException {
    return new ProcessBuilder(
            "git",
            "daemon",
            "--export-all",
            "--reuseaddr",
            "--listen=127.0.0.1",
            "--port=" + port,
            "--base-path=" + folder,
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("daemon.log").toFile())
        .start();
  }

  private static boolean answers(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** One of what is measured. */
  private interface Work {
    void run() throws Exception;
  }

  /** The first two are not counted: a Builder is warm for most of its life. */
  private static void measure(String what, Work work) throws Exception {
    double[] millis = new double[TIMES];
    for (int i = -2; i < TIMES; i++) {
      long start = System.nanoTime();
      work.run();
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    System.out.println(
        String.format(
            Locale.ROOT,
            "FIGURE %s, ms: median %.0f, min %.0f, max %.0f (n=%d)",
            what,
            millis[TIMES / 2],
            millis[0],
            millis[TIMES - 1],
            TIMES));
  }

  private static String run(Path where, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("GIT_CONFIG_NOSYSTEM", "1", "GIT_CONFIG_GLOBAL", "/dev/null"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as(output).isZero();
    return output.strip();
  }
}
