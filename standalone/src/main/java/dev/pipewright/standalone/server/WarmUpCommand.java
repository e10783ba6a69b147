package dev.pipewright.standalone.server;

import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.standalone.Distribution;
import dev.pipewright.standalone.local.LocalWarmUp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;

/**
 * {@code pipewright warm-up}: starts and stops a server and runs a pipeline, all in a temporary
 * folder. The launcher script runs it once after a build, so that the JVM can record what later
 * starts need.
 */
@Command(name = "warm-up", hidden = true, description = "Records what starts need.")
public final class WarmUpCommand implements Runnable {

  @Override
  public void run() {
    ServerSettings settings = new ServerSettings();
    settings.port = 0;
    settings.host = "127.0.0.1";
    settings.launcher = LauncherKind.process;
    String token = UUID.randomUUID().toString();
    settings.adminToken = token;
    try {
      Path data = Files.createTempDirectory("pipewright-warm-up-");
      settings.data = data;
      try (Server server = Server.start(settings, Distribution.current())) {
        HttpTransport http = server.connectAs(token);
        for (String path :
            List.of("/health/ready", "/", "/wall", Routes.CCTRAY, Routes.PIPELINES, "/metrics")) {
          http.get(path);
        }
        LocalWarmUp.in(Files.createDirectories(data.resolve("tree")));
      } finally {
        Folders.delete(data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not warm up: " + e.getMessage(), e);
    }
  }
}
