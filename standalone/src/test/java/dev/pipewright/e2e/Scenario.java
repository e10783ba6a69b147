package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The words the end-to-end tests are written in: one server, its sources, its runs. */
final class Scenario {
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private final FrontDoor server;
  private final Path folder;

  Scenario(FrontDoor server, Path folder) {
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
  void register(String name, GitProject project, @Nullable String secret, String forge) {
    server
        .http()
        .post(
            Routes.SOURCES,
            new SourceSpec(
                new SourceName(name), project.bare().toString(), forge, secret, null, null));
  }

  /** Tells the server of a push to main as GitHub does, and demands that it is taken. */
  void signedPush(String source, String secret, String commit) throws Exception {
    byte[] body =
        "{\"ref\":\"refs/heads/main\",\"after\":\"%s\",\"deleted\":false}"
            .formatted(commit)
            .getBytes(UTF_8);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    HttpURLConnection connection =
        (HttpURLConnection) server.uri().resolve("/hooks/" + source).toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("X-GitHub-Event", "push");
    connection.setRequestProperty(
        "X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)));
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    assertThat(connection.getResponseCode()).isEqualTo(202);
  }

  /** The newest 200 runs of a pipeline, newest first. */
  List<RunSnapshot> runs(String pipeline) {
    String path =
        Routes.RUNS + "?limit=200&pipeline=" + URLEncoder.encode(pipeline, StandardCharsets.UTF_8);
    return Json.read(server.http().get(path).body(), new Json.Generic<Page<RunSnapshot>>() {})
        .items();
  }

  /** The runs of a pipeline once there are {@code count} and all are finished; newest first. */
  List<RunSnapshot> thenFinished(String pipeline, int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .failFast(() -> compiles(pipeline))
        .ignoreExceptions()
        .until(
            () ->
                runs(pipeline).size() >= count
                    && runs(pipeline).stream().allMatch(run -> run.state() == Phase.FINISHED));
    return runs(pipeline);
  }

  private void compiles(String pipeline) {
    for (RunSnapshot code : runs(pipeline + " :: pipeline code")) {
      assertThat(code.outcome()).as(code.reason()).isNotEqualTo(Outcome.FAILED);
    }
  }

  /** The newest run of a pipeline once it stands so. */
  RunSnapshot thenIs(String pipeline, Phase state) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast(() -> compiles(pipeline))
        .ignoreExceptions()
        .until(() -> runs(pipeline).getFirst().state() == state);
    return details(runs(pipeline).getFirst());
  }

  /** A person approves or rejects a step. */
  void decide(RunSnapshot run, String step, boolean approved, Map<String, String> values) {
    server
        .http()
        .post(
            Routes.run(run.id(), "decisions"),
            new Decision(new StepPath(step), approved, "so be it", values));
  }

  /** A person wants another attempt, from the start or from a step. */
  void rerun(RunSnapshot run, @Nullable String from) {
    StepPath step = from == null ? null : new StepPath(from);
    server.http().post(Routes.run(run.id(), "rerun"), new RerunRequest(step, "again"));
  }

  void cancel(RunSnapshot run) {
    server
        .http()
        .postJson(Routes.run(run.id(), "cancel"), "{\"reason\":\"enough\"}".getBytes(UTF_8));
  }

  /** A person starts a pipeline of a source. */
  void start(String pipeline, String source) {
    server
        .http()
        .post(
            Routes.STARTS,
            new ManualStart(
                new PipelineName(pipeline), new SourceName(source), null, null, Map.of(), null));
  }

  /** The step of a run. */
  StepSnapshot step(RunSnapshot run, String step) {
    return details(run).steps().stream()
        .filter(one -> one.path().toString().equals(step))
        .findFirst()
        .orElseThrow();
  }

  /** Everything that was recorded of the last launch of a run. */
  List<EventEnvelope> events(RunSnapshot run) {
    return Json.read(
        server.http().get(Routes.run(run.id(), "events")).body(),
        new Json.Generic<List<EventEnvelope>>() {});
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
