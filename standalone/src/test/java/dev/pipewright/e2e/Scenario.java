package dev.pipewright.e2e;

import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The words the end-to-end tests are written in: one server, its sources, its runs. */
final class Scenario {
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ServerProcess server;
  private final Path folder;

  Scenario(ServerProcess server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** A new repository, registered as {@code name} with its hook installed. */
  GitProject givenSource(String name) {
    GitProject project = new GitProject(folder.resolve(name));
    register(name, project, null, "plain-git");
    return project.hook(server.uri(), name);
  }

  /** Registers a repository. */
  void register(
      String name,
      GitProject project,
      @org.jspecify.annotations.Nullable String secret,
      String forge) {
    server
        .http()
        .post(
            Routes.SOURCES,
            new SourceSpec(
                new SourceName(name), project.bare().toString(), forge, secret, null, null));
  }

  /** The runs of a pipeline, newest first. */
  List<RunSnapshot> runs(String pipeline) {
    String path = Routes.RUNS + "?pipeline=" + URLEncoder.encode(pipeline, StandardCharsets.UTF_8);
    return Json.read(server.http().get(path).body(), new Json.Generic<Page<RunSnapshot>>() {})
        .items();
  }

  /** The runs of a pipeline once there are {@code count} and all are finished; newest first. */
  List<RunSnapshot> thenFinished(String pipeline, int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(
            () ->
                runs(pipeline).size() >= count
                    && runs(pipeline).stream().allMatch(run -> run.state() == Phase.FINISHED));
    return runs(pipeline);
  }

  /** The run with its steps. */
  RunSnapshot details(RunSnapshot run) {
    return Json.read(server.http().get(Routes.run(run.id(), "")).body(), RunSnapshot.class);
  }

  /** The output of a step. */
  String log(RunSnapshot run, String step) {
    String path = Routes.run(run.id(), "logs") + "/" + step.replace(" ", "%20");
    return new String(server.http().get(path).body(), StandardCharsets.UTF_8);
  }

  /** The newest deliveries. */
  List<DeliveryView> deliveries() {
    return Json.read(
            server.http().get(Routes.DELIVERIES).body(), new Json.Generic<Page<DeliveryView>>() {})
        .items();
  }
}
