package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.builder.testing.GitRepo;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror of many commits says so much of what it has that a fetch needs several answers. */
class ManyCommitsIT {
  private static final SourceName SHOP = new SourceName("shop");
  private static final String MAIN = "refs/heads/main";
  private static final int COMMITS = 70;

  private GitRepo repo;
  private List<CommitId> commits;
  private Mirrors mirrors;

  @BeforeEach
  void fill(@TempDir Path folder) throws IOException {
    mirrors = new Mirrors(folder.resolve("mirrors"), true, InstantSource.system());
    repo = GitRepo.create(folder.resolve("origin"));
    commits = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      commits.add(repo.commit("change " + i));
    }
  }

  @AfterEach
  void close() {
    mirrors.close();
  }

  @Test
  void everyCommitIsFetchedFromThisMachineInAnyOrder() {
    everyCommitIsFetched(repo.url());
  }

  @Test
  void everyCommitIsFetchedFromServersThatSpeakTheOldProtocolOnly() throws IOException {
    try (Repository origin =
        new FileRepositoryBuilder().setGitDir(repo.folder().resolve(".git").toFile()).build()) {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/shop.git", exchange -> answer(exchange, origin));
      server.start();
      try {
        everyCommitIsFetched("http://127.0.0.1:" + server.getAddress().getPort() + "/shop.git");
      } finally {
        server.stop(0);
      }
    }
  }

  private void everyCommitIsFetched(String url) {
    List<CommitId> shuffled = new ArrayList<>(commits);
    Collections.shuffle(shuffled, new Random(7));
    for (CommitId commit : shuffled) {
      mirrors.fetched(new FetchRequest(SHOP, url, commit, MAIN));
    }
    Mirror mirror = mirrors.confirmed(new FetchRequest(SHOP, url, commits.getFirst(), MAIN));

    assertThat(mirror.commits()).containsExactlyInAnyOrderElementsOf(commits);
    assertThat(commits).allMatch(commit -> mirror.isSeen(commit, MAIN));
  }

  private static void answer(HttpExchange exchange, Repository origin) throws IOException {
    boolean refs = exchange.getRequestURI().getPath().endsWith("/info/refs");
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type", "application/x-git-upload-pack-" + (refs ? "advertisement" : "result"));
    exchange.sendResponseHeaders(200, 0);
    try (exchange;
        UploadPack pack = new UploadPack(origin);
        OutputStream out = exchange.getResponseBody()) {
      pack.setBiDirectionalPipe(false);
      pack.setRequestPolicy(UploadPack.RequestPolicy.ANY);
      if (refs) {
        pack.sendAdvertisedRefs(
            new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
      } else {
        pack.upload(body(exchange), out, null);
      }
    }
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
        ? new GZIPInputStream(exchange.getRequestBody())
        : exchange.getRequestBody();
  }
}
