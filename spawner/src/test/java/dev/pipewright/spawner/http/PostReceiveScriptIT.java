package dev.pipewright.spawner.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.SourceName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script as git runs it, in front of a server that is slow and not ready at first. */
class PostReceiveScriptIT {
  @TempDir Path folder;

  @Test
  void aPushDoesNotWaitForTheServerAndTheServerIsAskedAgain() throws Exception {
    List<String> bodies = new CopyOnWriteArrayList<>();
    Set<String> ids = ConcurrentHashMap.newKeySet();
    AtomicBoolean waited = new AtomicBoolean();
    CountDownLatch pushed = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hooks/shop",
        exchange -> {
          ids.add(exchange.getRequestHeaders().getFirst("X-Pipewright-Delivery"));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          if (!isOver(pushed)) {
            waited.set(true);
          }
          exchange.sendResponseHeaders(bodies.size() > 1 ? 202 : 503, -1);
          exchange.close();
        });
    server.start();
    try {
      Path bare = Files.createDirectory(folder.resolve("bare.git"));
      Path work = Files.createDirectory(folder.resolve("work"));
      git(bare, "init", "-q", "--bare", "-b", "main", ".");
      git(work, "init", "-q", "-b", "main", ".");
      git(work, "commit", "-q", "--allow-empty", "-m", "first");
      URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      Path hook = bare.resolve("hooks").resolve("post-receive");
      Files.writeString(hook, PostReceiveScript.of(address, new SourceName("shop")));
      Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));

      git(work, "push", "-q", bare.toString(), "HEAD:refs/heads/main");
      pushed.countDown();

      await().atMost(Duration.ofSeconds(60)).until(() -> bodies.size() == 2);
      assertThat(waited).as("the push waited for an answer").isFalse();
      assertThat(ids).hasSize(1);
      assertThat(Set.copyOf(bodies)).hasSize(1);
      assertThat(bodies.getFirst()).endsWith(" refs/heads/main\n");
    } finally {
      server.stop(0);
    }
  }

  /** False if the push waits for this very answer. */
  private static boolean isOver(CountDownLatch pushed) {
    try {
      return pushed.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void git(Path folder, String... arguments) throws Exception {
    List<String> identity = List.of("git", "-c", "user.name=Ada", "-c", "user.email=a@example.org");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(identity)).directory(folder.toFile());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
