package dev.pipewright.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SpawnerIT {
  private static final String NONE = "0".repeat(40);
  private static final String A = "a".repeat(40);
  private static final String B = "b".repeat(40);
  private static final RunId FIRST = RunId.parse("shop#1");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Path data;
  private SpawnerFixture spawner;

  SpawnerIT(@TempDir Path data) {
    this.data = data;
  }

  @BeforeEach
  void start() throws Exception {
    spawner = new SpawnerFixture(data, SpawnerFixture.FINISHES);
  }

  @AfterEach
  void stop() throws Exception {
    spawner.end();
  }

  private static String push(String commit, String ref) {
    return NONE + " " + commit + " " + ref + "\n";
  }

  private LaunchEnd endOf(RunId run) {
    await().atMost(LONG).until(() -> spawner.state.endOf(run).isPresent());
    return spawner.state.endOf(run).orElseThrow();
  }

  private void awaitLaunch(RunId run) {
    await().atMost(LONG).until(() -> spawner.state.unitOf(run).isPresent());
  }

  private void awaitNoUnits() {
    await().atMost(LONG).until(() -> spawner.launcher().list().isEmpty());
  }

  @Test
  void runsAPushedCommitOnceAndCleansUp() throws Exception {
    HttpResponse<String> answer = spawner.post("shop", push(A, "refs/heads/main"));

    assertThat(answer.statusCode()).isEqualTo(202);
    String id = Json.read(answer.body(), DeliveryAccepted.class).id();
    LaunchEnd end = endOf(FIRST);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.EXITED);
    assertThat(end.exitCode()).isZero();
    assertThat(spawner.state.doneOf(id).orElseThrow().runs()).containsExactly(FIRST);
    awaitNoUnits();
  }

  @Test
  void runsTwoCommitsPushedWithinASecondEachAtItsOwnHash() throws Exception {
    spawner.post("shop", push(A, "refs/heads/main"));
    spawner.post("shop", A + " " + B + " refs/heads/main\n");

    endOf(RunId.parse("shop#2"));
    assertThat(spawner.state.ordered()).map(run -> run.commit().value()).containsExactly(A, B);
  }

  @Test
  void answersADeliveryThatCameBeforeWithoutRunningItAgain() throws Exception {
    String body = push(A, "refs/heads/main");
    spawner.post("shop", body, "X-Pipewright-Delivery", "d1");
    endOf(FIRST);

    HttpResponse<String> again = spawner.post("shop", body, "X-Pipewright-Delivery", "d1");
    HttpResponse<String> sameMeaning = spawner.post("shop", body, "X-Pipewright-Delivery", "d2");

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Json.read(again.body(), DeliveryAccepted.class).duplicate()).isTrue();
    assertThat(sameMeaning.statusCode()).isEqualTo(202);
    await().atMost(LONG).until(() -> spawner.state.doneOf("shop.d2").isPresent());
    assertThat(spawner.state.ordered()).hasSize(1);
  }

  @Test
  void handsHostileRefNamesOnAsData() throws Exception {
    spawner.post(
        "shop",
        push(A, "refs/heads/x$(touch${IFS}pwned)&;|")
            + push(B, "refs/heads/--upload-pack=touch${IFS}pwned"));

    endOf(FIRST);
    endOf(RunId.parse("shop#2"));
    assertThat(spawner.state.ordered())
        .map(NewRun::ref)
        .containsExactly(
            "refs/heads/x$(touch${IFS}pwned)&;|", "refs/heads/--upload-pack=touch${IFS}pwned");
    try (var files = Files.walk(data)) {
      assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("pwned");
    }
  }

  @Test
  void tellsUnknownSourcesAndWrongSignaturesInTheSameWords() throws Exception {
    spawner.state.source("signed", "plain-git", "secret");

    HttpResponse<String> unsigned = spawner.post("signed", push(A, "refs/heads/main"));
    HttpResponse<String> unknown = spawner.post("nowhere", push(A, "refs/heads/main"));

    assertThat(unsigned.statusCode()).isEqualTo(401);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unsigned.body()).isEqualTo(unknown.body());
  }

  @Test
  void believesASourceThatWasAddedAMomentAgo() throws Exception {
    String body = push(A, "refs/heads/main");
    assertThat(spawner.post("late", body).statusCode()).isEqualTo(401);

    spawner.state.source("late", "plain-git", null);

    await().atMost(LONG).until(() -> spawner.post("late", body).statusCode() == 202);
  }

  @Test
  void answersABodyThatIsTooLargeAndServesTheNextOne() throws Exception {
    assertThat(curl("--data-binary", "@" + zeros())).endsWith(" 413");
    assertThat(curl("-H", "Transfer-Encoding: chunked", "--data-binary", "@" + zeros()))
        .endsWith(" 413");

    assertThat(spawner.post("shop", push(A, "refs/heads/main")).statusCode()).isEqualTo(202);
  }

  private Path zeros() throws Exception {
    return Files.write(data.resolve("zeros"), new byte[30 * 1024 * 1024]);
  }

  private String curl(String... arguments) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("curl", "-sS", "-w", " %{http_code}", "-X", "POST"));
    line.addAll(List.of(arguments));
    line.add(spawner.hook("shop").toString());
    return Shell.run(data, line.toArray(String[]::new));
  }

  @Test
  void saysThatItCouldNotStoreADelivery() throws Exception {
    spawner.post("shop", push(A, "refs/heads/main"));
    spawner.stateServer.goAway(true);

    HttpResponse<String> away = spawner.post("shop", push(B, "refs/heads/main"));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).hasValue("5");
    spawner.stateServer.goAway(false);
    endOf(FIRST);
  }

  @Test
  void hearsOfAPushThroughItsOwnHookScript() throws Exception {
    spawner.state.source("shop", "plain-git", "It's a secret: 100% $HOME `id` \u00fc");
    Shell.run(data, "git", "init", "-q", "--bare", "bare.git");
    Path hooks = data.resolve("bare.git/hooks");
    Files.writeString(
        hooks.resolve("post-receive"),
        spawner
            .get("/hooks/shop/post-receive")
            .replace(SpawnerFixture.PUBLIC_URL + "/hooks/shop", spawner.hook("shop").toString()));
    Files.writeString(
        hooks.resolve("pipewright-hook.key"), "It's a secret: 100% $HOME `id` \u00fc\n");
    Shell.run(data, "chmod", "755", hooks.resolve("post-receive").toString());
    Shell.run(data, "git", "init", "-q", "-b", "main", "work");
    Path work = data.resolve("work");
    Shell.run(work, "git", "commit", "-q", "--allow-empty", "-m", "first");
    String commit = Shell.run(work, "git", "rev-parse", "HEAD").strip();

    String pushed =
        Shell.run(
            work, "git", "push", "-q", "../bare.git", "HEAD:refs/heads/x$(touch${IFS}pwned)&;|");

    assertThat(pushed).isEmpty();
    endOf(FIRST);
    NewRun run = spawner.state.ordered().getFirst();
    assertThat(run.commit()).isEqualTo(new CommitId(commit));
    assertThat(run.ref()).isEqualTo("refs/heads/x$(touch${IFS}pwned)&;|");
    assertThat(data.resolve("bare.git/pwned")).doesNotExist();
  }

  @Test
  void saysWhyACommitLedToNoRun() throws Exception {
    spawner.state.failToCompile("ShopPipeline.java:3: ';' expected");

    spawner.post("shop", push(A, "refs/heads/main"), "X-Pipewright-Delivery", "d1");

    await().atMost(LONG).until(() -> spawner.state.doneOf("shop.d1").isPresent());
    assertThat(spawner.state.doneOf("shop.d1").orElseThrow().problem())
        .contains("ShopPipeline.java:3");
    assertThat(spawner.state.doneOf("shop.d1").orElseThrow().result())
        .isEqualTo(DeliveryDone.Result.FAILED);
    assertThat(spawner.state.ordered()).isEmpty();
  }

  @Test
  void givesADeliveryBackWhoseRepositoryCannotBeReached() throws Exception {
    spawner.state.cannotReachTheRepository("The git server is away.");

    spawner.post("shop", push(A, "refs/heads/main"), "X-Pipewright-Delivery", "d1");

    await().atMost(LONG).until(() -> spawner.state.doneOf("shop.d1").isPresent());
    DeliveryDone told = spawner.state.doneOf("shop.d1").orElseThrow();
    assertThat(told.result()).isEqualTo(DeliveryDone.Result.LATER);
    assertThat(told.problem()).isEqualTo("refs/heads/main: The git server is away.");
    assertThat(spawner.state.ordered()).isEmpty();
  }

  @Test
  void startsAPipelineByHandAsOftenAsItIsAsked() {
    ManualStart start = new ManualStart(new PipelineName("shop"), null, null, A, null, "ada");
    spawner.state.startByHand("shop.m1", "shop", start);
    spawner.state.startByHand("shop.m2", "shop", start);

    endOf(FIRST);
    endOf(RunId.parse("shop#2"));
    assertThat(spawner.state.ordered()).allMatch(run -> run.cause().kind().equals("manual"));
  }

  @Test
  void saysThatTheEngineWasKilled() throws Exception {
    spawner.engine("echo working hard; kill -9 $$\n");

    spawner.post("shop", push(A, "refs/heads/main"));

    LaunchEnd end = endOf(FIRST);
    assertThat(end.exitCode()).isEqualTo(137);
    assertThat(end.reason()).contains("not by Pipewright").contains("working hard");
    awaitNoUnits();
  }

  @Test
  void endsAnEngineThatDoesNotFollowACancel() throws Exception {
    spawner.engine("trap '' TERM; while :; do sleep 0.1; done\n");
    spawner.post("shop", push(A, "refs/heads/main"));
    awaitLaunch(FIRST);

    spawner.state.cancel(FIRST);

    LaunchEnd end = endOf(FIRST);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
    assertThat(end.reason()).contains("cancel by alice");
    awaitNoUnits();
  }

  @Test
  void endsACancelledRunThatStillWaitsForItsImage() throws Exception {
    spawner.stop();
    spawner.needImages();
    spawner.state.create(SpawnerFixture.aRun());
    spawner.start();
    await().atMost(LONG).until(() -> !spawner.state.claimed().isEmpty());

    spawner.state.cancel(FIRST);

    LaunchEnd end = endOf(FIRST);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.STOPPED);
    assertThat(end.reason()).contains("before it began");
  }

  @Test
  void endsARunAtItsTimeLimit() throws Exception {
    spawner.engine("sleep 300\n");
    spawner.state.limitRunsTo(1);

    spawner.post("shop", push(A, "refs/heads/main"));

    LaunchEnd end = endOf(FIRST);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.LIMIT);
    assertThat(end.reason()).contains("1 seconds");
  }

  @Test
  void endsARunAtTheLimitOfTheServerThoughItAsksForMore() throws Exception {
    spawner.engine("sleep 300\n");
    spawner.state.limitRunsTo(1_000_000);
    spawner.post("shop", push(A, "refs/heads/main"));
    awaitLaunch(FIRST);

    spawner.passTime(Duration.ofMinutes(61));

    LaunchEnd end = endOf(FIRST);
    assertThat(end.limit()).isEqualTo(LaunchEnd.Limit.TIME);
    assertThat(end.reason()).contains("60 minutes", "--time-limit");
  }

  @Test
  void endsAnEngineThatSleepsInsteadOfReporting() throws Exception {
    spawner.engine("sleep 300\n");
    spawner.state.seeNoEngine();
    spawner.post("shop", push(A, "refs/heads/main"));
    awaitLaunch(FIRST);

    spawner.passTime(Duration.ofMinutes(3));

    LaunchEnd end = endOf(FIRST);
    assertThat(end.kind()).isEqualTo(LaunchEnd.Kind.START_FAILED);
    assertThat(end.reason()).contains("2 minutes", "--start-deadline");
  }

  @Test
  void removesAUnitWhoseRunBelongsToANewerLaunch() throws Exception {
    spawner.engine("sleep 300\n");
    spawner.post("shop", push(A, "refs/heads/main"));
    awaitLaunch(FIRST);

    spawner.state.fence(FIRST);

    awaitNoUnits();
    assertThat(spawner.state.endOf(FIRST)).isEmpty();
  }

  @Test
  void leavesNoWorkspaceOfARunThatCouldNotBeStarted() throws Exception {
    Files.delete(data.resolve("engine"));

    spawner.post("shop", push(A, "refs/heads/main"));

    assertThat(endOf(FIRST).kind()).isEqualTo(LaunchEnd.Kind.START_FAILED);
    Path workspaces = data.resolve("launcher/workspaces");
    await().atMost(LONG).until(() -> workspaces.toFile().list().length == 0);
  }

  @Test
  void holdsOnlySoManyLargeBodiesAtOnceAndSmallOnesAlways() throws Exception {
    Path large = Files.write(data.resolve("large"), new byte[20 * 1024 * 1024]);
    URI hook = spawner.hook("shop");
    try (Socket slow = new Socket(hook.getHost(), hook.getPort())) {
      String head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n";
      slow.getOutputStream()
          .write(head.formatted(hook.getPath(), 25_000_000).getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().write(Files.readAllBytes(large));
      slow.getOutputStream().flush();

      await().atMost(LONG).until(() -> curl("--data-binary", "@" + large).endsWith(" 503"));
      assertThat(spawner.post("shop", push(A, "refs/heads/main")).statusCode()).isEqualTo(202);
    }

    await().atMost(LONG).until(() -> curl("--data-binary", "@" + large).endsWith(" 400"));
  }

  @Test
  void removesUnitsOfRunsNobodyKnows() throws Exception {
    spawner.engine("sleep 300\n");
    RunId unknown = RunId.parse("other#9");
    spawner
        .launcher()
        .launch(
            new LaunchRequest(
                UnitId.of("it", unknown, 1),
                unknown,
                1,
                Workspace.of("it", unknown, 1),
                "token",
                null,
                Confinement.USUAL,
                Instant.MAX,
                List.of()));

    awaitNoUnits();
  }
}
