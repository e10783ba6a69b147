package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.Trust;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pull requests from forks, as GitHub tells of them: what anybody may have made harms nobody. */
@Timeout(300)
class ForeignIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String KEY = "key-of-production";

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(folder.resolve("data"), "process");
    scenario = new Scenario(server, folder);
    server.http().post(Routes.SECRETS, new SecretSpec("DEPLOY_KEY", KEY, null));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static void register(String name, GitProject project, String foreign) {
    server
        .http()
        .post(
            Routes.SOURCES,
            new SourceSpec(
                new SourceName(name),
                project.bare().toString(),
                "github",
                SECRET,
                null,
                null,
                foreign));
  }

  private static String code(String name, String steps) {
    return """
    import static dev.pipewright.dsl.Pipelines.pipeline;
    import static dev.pipewright.dsl.Steps.*;
    import static dev.pipewright.dsl.Triggers.*;
    import dev.pipewright.dsl.*;

    public final class ThePipeline implements PipelineDefinition {
      @Override
      public Pipeline define() {
        return pipeline("%s").startedBy(push("main"), pullRequests()).runs(%s);
      }
    }
    """
        .formatted(name, steps);
  }

  /** A repository whose main branch tests the files of a commit and needs a secret at the end. */
  private static GitProject given(String name, String foreign) {
    GitProject project = new GitProject(folder.resolve(name));
    register(name, project, foreign);
    project
        .file("content", "ours")
        .file(
            ".pipewright/ThePipeline.java",
            code(
                name,
                "checkout(), sh(\"test\", \"cat content\"), sh(\"deploy\", \"test $DEPLOY_KEY = "
                    + KEY
                    + "\").needs(secret(\"DEPLOY_KEY\"))"))
        .release("base");
    return project;
  }

  /** A commit of the fork: other files, and pipeline code that prints the secret. */
  private static String hostile(GitProject project, String name, String content) {
    String commit =
        project
            .file("content", content)
            .file(
                ".pipewright/ThePipeline.java",
                code(
                    name,
                    "sh(\"steal\", \"echo $DEPLOY_KEY | rev\").needs(secret(\"DEPLOY_KEY\"))"))
            .commit(content);
    project.push("refs/pull/7/head");
    return commit;
  }

  private static void pulled(String name, String commit) throws Exception {
    deliver(
        name,
        "pull_request",
        """
        {"action": "synchronize", "number": 7, "pull_request": {
          "number": 7, "title": "Make it better", "user": {"login": "mallory"},
          "head": {"ref": "main", "sha": "%s", "repo": {"id": 2, "full_name": "mallory/shop"}},
          "base": {"ref": "main", "repo": {"id": 1, "full_name": "ann/shop"}}}}
        """
            .formatted(commit));
  }

  private static void deliver(String name, String event, String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    URI hook = server.uri().resolve("/hooks/" + name);
    HttpRequest request =
        HttpRequest.newBuilder(hook)
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header(
                "X-Hub-Signature-256",
                "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8))))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
  }

  private static RunSnapshot held(String name, String commit) {
    await()
        .atMost(Scenario.PATIENCE)
        .ignoreExceptions()
        .until(() -> scenario.runs(name).getFirst().commit().equals(new CommitId(commit)));
    return scenario.details(scenario.runs(name).getFirst());
  }

  /** The command as a maintainer types it. */
  private static String pipewright(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(ServerProcess.command(arguments));
    builder.environment().put("PIPEWRIGHT_SERVER", server.uri().toString());
    builder.environment().put("PIPEWRIGHT_TOKEN", ServerProcess.TOKEN);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @Test
  void aForkWaitsForEachCommitAndRunsWithTheCodeOfTheBaseBranch() throws Exception {
    GitProject project = given("shop", "hold");
    String first = hostile(project, "shop", "theirs");

    pulled("shop", first);

    RunSnapshot run = held("shop", first);
    assertThat(run.state()).isEqualTo(Phase.WAITING);
    assertThat(run.origin().trust()).isEqualTo(Trust.FOREIGN);
    assertThat(run.origin().codeRef()).isEqualTo("refs/heads/main");
    assertThat(run.steps())
        .extracting(step -> step.path().value())
        .containsExactly("checkout", "test", "deploy");
    assertThat(Engines.of(server).of(run)).isEmpty();
    assertThat(scenario.runs("shop :: pipeline code")).hasSize(1);
    assertThat(pipewright("show", "shop#1"))
        .contains("pull request 7, from outside the repository")
        .contains("pipewright approve 'shop#1'");

    assertThat(pipewright("approve", "shop#1", "--note", "read it"))
        .contains("Approved the commit " + run.commit().abbreviated());

    RunSnapshot end = scenario.details(scenario.thenFinished("shop", 1).getFirst());
    assertThat(end.outcome()).as(end.reason()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(end.commit().value()).isEqualTo(first);
    assertThat(scenario.log(end, "test")).isEqualTo("theirs");
    assertThat(end.origin().approval()).isNotNull();
    assertThat(scenario.runs("shop :: pipeline code")).hasSize(1);

    String second = hostile(project, "shop", "worse");
    pulled("shop", second);
    RunSnapshot next = held("shop", second);
    assertThat(next.state()).isEqualTo(Phase.WAITING);
    assertThat(next.origin().approval()).isNull();

    String third = hostile(project, "shop", "worst");
    pulled("shop", third);
    RunSnapshot last = held("shop", third);
    assertThat(scenario.details(next).reason()).startsWith("Superseded");
    pipewright("reject", last.id().toString(), "--note", "no");
    RunSnapshot rejected = scenario.details(last);
    assertThat(rejected.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(rejected.reason()).startsWith("The commit was rejected by ").endsWith(": no");
  }

  @Test
  void aForkThatRunsAtOnceGetsNoSecret() throws Exception {
    GitProject project = given("open", "run");

    pulled("open", hostile(project, "open", "theirs"));

    RunSnapshot end = scenario.details(scenario.thenFinished("open", 1).getFirst());
    assertThat(scenario.log(end, "test")).isEqualTo("theirs");
    StepSnapshot deploy = scenario.step(end, "deploy");
    assertThat(deploy.outcome()).isNotEqualTo(Outcome.SUCCEEDED);
    assertThat(deploy.reason())
        .contains("The step 'deploy' does not get DEPLOY_KEY")
        .contains("nobody has approved its commit");
  }

  @Test
  void aPushThatNamesACommitOfAForkRunsNothing() throws Exception {
    GitProject project = given("forged", "hold");
    String stranger = hostile(project, "forged", "theirs");

    deliver(
        "forged",
        "push",
        "{\"ref\":\"refs/heads/main\",\"after\":\"%s\",\"deleted\":false}".formatted(stranger));

    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.deliveries().stream()
                    .filter(delivery -> delivery.source().value().equals("forged"))
                    .map(delivery -> String.valueOf(delivery.problem()))
                    .anyMatch(problem -> problem.contains("does not hold the commit " + stranger)));
    assertThat(scenario.runs("forged")).isEmpty();
  }
}
