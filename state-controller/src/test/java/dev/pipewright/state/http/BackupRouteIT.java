package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.BackupOrder;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.state.Samples;
import dev.pipewright.state.backup.Restore;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup over the wire, and a server on what was made of it. */
class BackupRouteIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final BackupOrder ORDER = new BackupOrder(false);

  @TempDir private Path folder;

  @Test
  void aServerOnARestoredFolderKnowsAllThatTheOtherDid() throws Exception {
    Path file = folder.resolve("backup.tar");
    try (Served server = Served.on(folder.resolve("data"))) {
      server.admin().post(Routes.SOURCES, Samples.source());
      server.admin().post(Routes.SECRETS, new SecretSpec("KEY", "hush-hush", null));
      WorkClient work = server.work("spawner-1");
      work.create(Samples.order("shop", "k1"));
      LaunchOrder launch = work.claimRun(Duration.ofSeconds(5)).orElseThrow();
      server
          .engine(launch.run(), launch.token())
          .append(
              Samples.LINT,
              launch.fence(),
              0,
              Samples.NOON,
              "linted\n".getBytes(StandardCharsets.UTF_8));
      long size = server.admin().download(Routes.BACKUP, ORDER, file, PATIENCE);
      assertThat(Files.size(file)).isEqualTo(size);
      assertThat(server.send("GET", Routes.AUDIT, Served.ADMIN, null).body())
          .contains("make a backup");
      work.create(Samples.order("shop", "k2"));
    }
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("hush-hush");
    Restore.restore(file, folder.resolve("restored"));
    try (Served server = Served.on(folder.resolve("restored"))) {
      assertThat(server.send("GET", "/api/v1/runs/shop%231", null, null).body())
          .contains("\"number\":1");
      assertThat(server.send("GET", "/api/v1/runs/shop%231/logs/verify/lint", null, null).body())
          .isEqualTo("linted\n");
      assertThat(server.work("spawner-1").create(Samples.order("shop", "k3")).id())
          .isEqualTo(RunId.parse("shop#2"));
    }
  }

  @Test
  void aReaderThatGoesAwayLetsOthersMakeBackups() throws Exception {
    try (Served server = Served.on(folder.resolve("data"))) {
      Path blobs = Files.createDirectories(folder.resolve("data/blobs/ab"));
      Files.write(blobs.resolve("a".repeat(64)), new byte[64 * 1024 * 1024]);
      HttpURLConnection reader =
          (HttpURLConnection) server.uri(Routes.BACKUP).toURL().openConnection();
      reader.setRequestMethod("POST");
      reader.setDoOutput(true);
      reader.setRequestProperty("Authorization", "Bearer " + Served.ADMIN);
      reader.setRequestProperty("Content-Type", "application/json");
      reader.getOutputStream().write("{\"keys\":false}".getBytes(StandardCharsets.UTF_8));
      try (InputStream answer = reader.getInputStream()) {
        assertThat(answer.readNBytes(100_000)).hasSize(100_000);
        Path second = folder.resolve("second.tar");
        assertThatThrownBy(() -> server.admin().download(Routes.BACKUP, ORDER, second, PATIENCE))
            .isInstanceOf(ApiException.class)
            .hasMessageContaining("Another backup");
        reader.disconnect();
      }
      Awaitility.await()
          .ignoreExceptionsInstanceOf(ApiException.class)
          .until(
              () ->
                  server
                          .admin()
                          .download(Routes.BACKUP, ORDER, folder.resolve("third.tar"), PATIENCE)
                      > 64 * 1024 * 1024);
      Restore.check(folder.resolve("third.tar"));
    }
  }
}
