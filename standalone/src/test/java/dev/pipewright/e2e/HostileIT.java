package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipelines, refs and bodies that want to do harm: each gets its right end and a clear message. */
class HostileIT {
  private static final String SECRET = "It's a Secret to Everybody";

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(folder.resolve("data"), "process");
    scenario = new Scenario(server, folder);
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(file -> file.getFileName().toString().equals("pwned"))).isEmpty();
    }
  }

  @Test
  void aPipelineThatDoesNotCompileFailsWithFileLineAndMessage() {
    GitProject project = scenario.givenSource("typo").pipeline("typo", "sh(\"hi\", 42)");
    project.release("typo");

    RunSnapshot run =
        scenario.details(scenario.thenFinished("typo :: pipeline code", 1).getFirst());

    assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.reason()).contains("ThePipeline.java:10");
    awaitProblem("typo", "ThePipeline.java:10");
  }

  @Test
  void aDefinitionThatThrowsFailsWithItsMessage() {
    GitProject project =
        scenario
            .givenSource("thrower")
            .pipeline("thrower", "boom()")
            .file(".pipewright/X.java", "class X {}");
    project.file(
        ".pipewright/ThePipeline.java",
        """
        import dev.pipewright.dsl.*;
        public final class ThePipeline implements PipelineDefinition {
          public Pipeline define() {
            throw new IllegalStateException("no shop today");
          }
        }
        """);
    project.release("throw");

    RunSnapshot run = scenario.thenFinished("thrower :: pipeline code", 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.reason()).contains("no shop today").contains("ThePipeline.java:4");
  }

  @Test
  void aDefinitionThatNeverEndsIsEnded() {
    GitProject project = scenario.givenSource("looper");
    project.file(
        ".pipewright/ThePipeline.java",
        """
        import dev.pipewright.dsl.*;
        public final class ThePipeline implements PipelineDefinition {
          public Pipeline define() {
            while (true) {}
          }
        }
        """);
    project.release("loop");

    RunSnapshot run = scenario.thenFinished("looper :: pipeline code", 1).getFirst();

    assertThat(run.outcome()).isIn(Outcome.FAILED, Outcome.TIMED_OUT);
    assertThat(run.reason()).contains("30 s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x$(touch${IFS}pwned)&;|`id`", "--upload-pack=touch${IFS}pwned;", "ünï/日本語-🚀"})
  void aBranchNameIsOnlyEverData(String branch) {
    String name = "branch" + Integer.toHexString(branch.hashCode());
    GitProject project =
        scenario
            .givenSource(name)
            .pipeline(name, "checkout(), sh(\"say\", \"printf '%s' \\\"$PIPEWRIGHT_BRANCH\\\"\")");
    project.commit("hostile");
    project.push("refs/heads/" + branch);

    RunSnapshot run = scenario.thenFinished(name, 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(run.ref()).isEqualTo("refs/heads/" + branch);
    assertThat(scenario.log(run, "say")).isEqualTo(branch);
  }

  @Test
  void aBodyOfThirtyMegabytesIsRefused() throws IOException {
    scenario.givenSource("huge");
    assertThat(post("huge", new byte[30 * 1024 * 1024], null)).isEqualTo(413);
    assertThat(post("huge", "nonsense".getBytes(StandardCharsets.UTF_8), null)).isEqualTo(400);
  }

  @Test
  void aForgedSignatureIsRefusedAndARightOneIsNot() throws Exception {
    GitProject project = new GitProject(folder.resolve("signed"));
    scenario.register("signed", project, SECRET, "github");
    byte[] body =
        ("{\"ref\":\"refs/heads/main\",\"after\":\"" + "a".repeat(40) + "\",\"deleted\":false}")
            .getBytes(StandardCharsets.UTF_8);

    assertThat(post("signed", body, null)).isEqualTo(401);
    assertThat(post("signed", body, "sha256=" + "0".repeat(64))).isEqualTo(401);
    assertThat(post("unknown", body, "sha256=" + "0".repeat(64))).isEqualTo(401);
    assertThat(post("signed", body, signature(body))).isEqualTo(202);
  }

  @Test
  void whatABodySaysOfURLsPathsAndPeopleReachesNothing() throws Exception {
    GitProject project = new GitProject(folder.resolve("bodies"));
    scenario.register("bodies", project, SECRET, "github");
    String commit =
        project
            .pipeline("bodies", "checkout(), sh(\"which\", \"git rev-parse HEAD\")")
            .release("`touch pwned`");
    String hostile = "ext::sh -c touch% pwned";
    byte[] body =
        """
        {"ref":"refs/heads/main","after":"%1$s","before":"../../x",
         "repository":{"clone_url":"%2$s","ssh_url":"ssh://-oProxyCommand=touch${IFS}pwned/x",
           "git_url":"file:///etc","url":"http://169.254.169.254/","full_name":"../../x",
           "name":"$(touch pwned)","default_branch":"--upload-pack=touch pwned"},
         "pusher":{"name":"$(touch pwned);'\\u001b[2J"},"compare":"javascript:alert(1)",
         "head_commit":{"id":"../../x","message":"$(touch pwned)","author":{"name":"|touch pwned"}}}
        """
            .formatted(commit, hostile)
            .getBytes(StandardCharsets.UTF_8);

    assertThat(post("bodies", body, signature(body))).isEqualTo(202);

    RunSnapshot run = scenario.thenFinished("bodies", 1).getFirst();
    assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(scenario.log(run, "which")).isEqualTo(commit + "\n");
  }

  @Test
  void aRefThatGitCannotHaveIsRefusedAtTheDoor() throws Exception {
    scenario.register("doors", new GitProject(folder.resolve("doors")), SECRET, "github");
    for (String ref :
        List.of(
            "refs/heads/../../x",
            "refs/heads/a b",
            "refs/heads/x\\u0000y",
            "refs/heads/x\\ny",
            "/etc/passwd",
            "file:///etc/passwd",
            "http://169.254.169.254/",
            "HEAD")) {
      byte[] body =
          "{\"ref\":\"%s\",\"after\":\"%s\"}"
              .formatted(ref, "a".repeat(40))
              .getBytes(StandardCharsets.UTF_8);
      assertThat(post("doors", body, signature(body))).as(ref).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..%2F..%2Fx", "%2e%2e", "$(touch%20pwned)", "a%00b", "x;y"})
  void theNameOfASourceInTheAddressIsOnlyLookedUp(String name) throws IOException {
    assertThat(post(name, new byte[] {'{', '}'}, null)).isIn(400, 401, 404, 405);
  }

  @Test
  void aBombIsRefusedAndTheServerGoesOn() throws Exception {
    scenario.register("bomb", new GitProject(folder.resolve("bomb")), SECRET, "github");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] piece = new byte[1024 * 1024];
      for (int i = 0; i < 200; i++) {
        gzip.write(piece);
      }
    }
    byte[] body = packed.toByteArray();

    assertThat(post("bomb", body, signature(body), "gzip")).isEqualTo(413);
    assertThat(scenario.deliveries().getFirst().source().value()).isEqualTo("bomb");
  }

  private static void awaitProblem(String source, String text) {
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.deliveries().stream()
                    .anyMatch(
                        delivery ->
                            delivery.source().value().equals(source)
                                && delivery.problem() != null
                                && delivery.problem().contains(text)));
  }

  private static String signature(byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }

  private static int post(String source, byte[] body, @Nullable String signature)
      throws IOException {
    return post(source, body, signature, null);
  }

  private static int post(
      String source, byte[] body, @Nullable String signature, @Nullable String encoding)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) server.uri().resolve("/hooks/" + source).toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setFixedLengthStreamingMode(body.length);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("X-GitHub-Event", "push");
    if (encoding != null) {
      connection.setRequestProperty("Content-Encoding", encoding);
    }
    if (signature != null) {
      connection.setRequestProperty("X-Hub-Signature-256", signature);
    }
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    } catch (IOException e) {
      // The server may answer and close before it has read a body that is too large.
      return 413;
    }
    return connection.getResponseCode();
  }
}
